"""What the keys of the post-mortem's editor do, and how what was typed in it is saved.

Letters mean something only outside the text. `c` confirms and not `k`, which goes up in every list of the console.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from opstui.domain.sections import LISTED
from opstui.i18n import _, ngettext
from opstui.ui.ink import fullest
from opstui.ui.merge import merge_texts
from opstui.ui.screens.dialog import Dialog
from opstui.ui.typeahead import Typeahead
from opstui.ui.widgets.listing import Listing

if TYPE_CHECKING:
    from opstui.projections.writing import SectionView
    from opstui.ui.postmortems import PostmortemDeeds
    from opstui.ui.unsaved import Unsaved
    from opstui.ui.widgets.section_pane import SectionPane


class PostmortemKeys(Dialog[None]):
    """The keys. How it all looks is told by `PostmortemScreen`."""

    sections: Listing
    pane: SectionPane
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("q", "leave", show=False),
        Binding("tab,right,l", "inside", show=False),
        Binding("shift+tab,left,h", "outside", show=False),
        Binding("e", "inside", show=False),
        Binding("ctrl+o,f2,ctrl+s", "settle", show=False),
        Binding("c,space", "confirm", show=False),
        Binding("p", "publish", show=False),
        Binding("x", "export", show=False),
        Binding("s", "skip", show=False),
        Binding("exclamation_mark", "grade", show=False),
        Binding("n,a", "add", show=False),
        Binding("d,delete", "remove", show=False),
        Binding("u", "undo", show=False),
        Binding("ctrl+r", "redo", show=False),
    ]

    def __init__(self, deeds: PostmortemDeeds, unsaved: Unsaved) -> None:
        """What can be done, and what was typed and is not saved."""
        super().__init__()
        self.deeds, self.unsaved = deeds, unsaved
        self._saving = asyncio.Lock()
        self._given_up = ""
        """Why the last esc was not taken at its word."""

    @property
    def ops(self) -> Typeahead:
        """The application, as the one who holds keys."""
        assert isinstance(self.app, Typeahead)
        return self.app

    @property
    def here(self) -> SectionView | None:
        """The section on show."""
        raise NotImplementedError

    def take(self) -> None:
        """Note what stands in the box."""
        raise NotImplementedError

    def saved(self, section: str, text: str) -> None:
        """This is saved now, and was typed here."""
        raise NotImplementedError

    def put(self, section: str) -> None:
        """The box shows what is to stand."""
        raise NotImplementedError

    def fill(self) -> None:
        """Everything as it is now."""
        raise NotImplementedError

    def goto(self, section: str) -> None:
        """The cursor on a section."""
        raise NotImplementedError

    def remark(self) -> None:
        """What is said of the words."""
        raise NotImplementedError

    def attempt(self, step: Awaitable[str], said: str = "") -> None:
        """Do something while keys wait, and tell what came of it."""
        raise NotImplementedError

    # ------------------------------------------------------------------ words

    def tell(self, text: str = "", *, wrong: bool = False) -> None:
        """What happened, in the place of the keys; with nothing to tell, the keys."""
        foot = self.query_one(".keys", Static)
        ways = self._ways()
        foot.update(Content(text or fullest(ways, self.size.width - 2) or ways[-1]))
        foot.set_class(wrong, "-wrong")

    def _ways(self) -> tuple[str, ...]:
        view = self.here
        if self.focused is self.pane.paper:
            return (
                _("saved as you type   ctrl+o save now   f3 preview   esc sections"),
                _("saved as you type   esc sections"),
                _("esc sections"),
            )
        if self.has_class("-preview") and self.focused is not self.sections:
            return _("j k read   v sections   x export   esc back"), _("j k read   esc back"), _("esc back")
        listed = view is not None and view.section.id in LISTED
        if listed and self.focused is self.pane.rows:
            return (_("n new   enter edit   d take off   u undo   v preview   esc sections"), _("n new  enter  d  esc"))
        if view is None or view.section.how == "facts":
            does = _("enter read")
        else:
            does = _("enter rows   n new") if listed else _("enter write   c confirm")
        rest = _("v preview   p publish   x export   s skip   ! severity   u undo   esc back")
        return (
            f"{does}   {rest}",
            _("{does}   v preview   p publish   x export   s skip   esc back").format(does=does),
            _("{does}   v preview   p publish   esc back").format(does=does),
            _("{does}  p publish  esc").format(does=does.split("   ")[0]),
            _("enter  v  p  x  s  esc"),
        )

    # ------------------------------------------------------------------ saving

    async def save(self, section: str) -> bool:
        """Save what was typed in a section; false where it could not be. Two texts wait for a person."""
        async with self._saving:
            typed = self.unsaved.send(section)
            if typed is not None:
                reason = await self.deeds.write(section, typed.text, typed.before)
                self.take()
                sent = self.unsaved.answered(section, saved=not reason)
                if not reason:
                    self.saved(section, sent)
                if reason and self.unsaved.clash(section) is None:
                    self.tell(reason, wrong=True)
                    return False
            if self.is_attached and (typed is not None or section in self.unsaved.texts):
                self.fill()
            return self.unsaved.clash(section) is None

    async def save_all(self) -> bool:
        """Save what was typed anywhere; whether all of it is saved."""
        self.take()
        return all([await self.save(section) for section in tuple(self.unsaved.texts)])

    async def settle(self, section: str) -> bool:
        """Save; where there are two texts ask which is to stand. Whether nothing is left to be saved."""
        if await self.save(section):
            return True
        theirs, typed = self.unsaved.clash(section), self.unsaved.texts.get(section)
        if theirs is None or typed is None:
            return False
        verdict = await self._which(theirs, typed.text)
        if verdict == "theirs":
            self.unsaved.forget(section)
        elif verdict == "mine":
            self.unsaved.put(section, typed.text)
        elif verdict == "merge":
            self.unsaved.put(section, merge_texts(typed.before, theirs, typed.text).text)
        else:
            return False
        self.put(section)
        self.fill()
        return verdict != "merge" and await self.save(section)

    async def _which(self, theirs: str, mine: str) -> str:
        from opstui.ui.screens.conflict import ConflictDialog  # noqa: PLC0415 - hardly ever needed

        title = _("Two people wrote this section of {ref}").format(ref=self.deeds.ref)
        return str(await self.deeds.ask(ConflictDialog(title, theirs, mine, merge=True)))

    def leave_behind(self) -> None:
        """The console ends: what was typed is there the next time."""
        self.take()
        self.unsaved.leave_behind()

    # ------------------------------------------------------------------ going about

    def action_back(self) -> None:
        """Out of the section, then out of the post-mortem."""
        if self.has_class("-preview"):
            self.remove_class("-preview")
            self.set_focus(self.sections)
        elif self.focused is not self.sections:
            self.action_outside()
        else:
            self.action_leave()

    def action_outside(self) -> None:
        """Back to the sections; what was typed is saved."""
        self.set_focus(self.sections)
        self.take()
        if (view := self.here) is not None:
            self.run_worker(self.save(view.section.id))

    def action_inside(self) -> None:
        """Into the section."""
        if self.focused is self.pane.rows:
            self._edit_part()
        elif not self.has_class("-preview") or not self.has_class("-over"):
            self.add_class("-inside")
            self.set_focus(self.pane.inside)

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """Enter, or a second click, on a section or a row."""
        if isinstance(event.key, int):
            self._edit_part()
        elif event.key == "timeline":
            self.attempt(self._nothing(self.deeds.stars(self.deeds.card)))
        else:
            self.action_inside()

    def action_leave(self) -> None:
        """Back to the card, once everything is saved; a text that cannot be saved is not thrown away by one key."""
        self.ops.hold()
        self.run_worker(self._leave())

    async def _leave(self) -> None:
        self.take()
        for section in tuple(self.unsaved.texts):
            self.goto(section)
            if not await self.settle(section) and self._given_up != section:
                self._given_up = section
                if self.unsaved.clash(section) is None and section in self.unsaved.texts:
                    self.tell(_("not saved; esc again leaves without it: {why}").format(why=self._told()), wrong=True)
                await self.ops.release()
                return
        self.unsaved.drop()
        self.dismiss(None)

    def _told(self) -> str:
        return str(self.query_one(".keys", Static).content)

    # ------------------------------------------------------------------ deeds

    def action_settle(self) -> None:
        """Save now, and decide where there are two texts."""
        self.take()
        if (view := self.here) is not None:
            self.attempt(self._settled(view.section.id), _("saved"))

    async def _settled(self, section: str) -> str:
        done = await self.settle(section)
        return "" if done or section in self.unsaved.texts else _("not saved")

    def action_confirm(self) -> None:
        """What stands in the section is right, or not after all."""
        view = self.here
        if view is None or view.section.how == "facts" or view.section.id in LISTED:
            self.tell(_("only what people write is confirmed"))
            return
        self.take()
        name = view.section.id
        typed, base = self.unsaved.texts.get(name), self.deeds.written(name)
        sure = not (self.deeds.doc or {}).get(f"sure.{name}")
        self.unsaved.forget(name)
        text = typed.text if typed and sure else base
        step = self.deeds.write(name, text, typed.before if typed and sure else base, sure=sure)
        self.attempt(step, _("confirmed") if sure else _("not confirmed any more"))

    def action_publish(self) -> None:
        """Make it final, or see what is missing."""
        self.attempt(self._publish())

    async def _publish(self) -> str:
        if not await self.save_all():
            return _("first decide which text is to stand: ctrl+o")
        lacks = self.deeds.lacking()
        if lacks:
            await self._missing(lacks)
            return ""
        actions = sum(not row.get("card") for row in self.deeds.rows("action").values())
        lessons = sum(not row.get("entry") for row in self.deeds.rows("lesson").values())
        makes = ", ".join((
            ngettext("{n} card", "{n} cards", actions).format(n=actions),
            ngettext("{n} playbook entry", "{n} playbook entries", lessons).format(n=lessons),
        ))  # fmt: skip
        question = _("Publish {ref}? It makes {what}. Undo takes it back.").format(ref=self.deeds.ref, what=makes)
        from opstui.ui.screens.confirm import Confirm  # noqa: PLC0415 - not needed before

        if not await self.deeds.ask(Confirm(question, _("publish"))):
            return ""
        reason = await self.deeds.publish()
        if not reason:
            self.call_later(self.tell, _("published: {what}").format(what=makes))
        return reason

    async def _missing(self, lacks: list[tuple[str, int | None, str]]) -> None:
        """What is missing, each leading to its place."""
        from opstui.ui.screens.pick import Item, Picker  # noqa: PLC0415 - not needed before

        titles = {str(key): title for key, title in self._titles()}
        items = [Item(str(n), titles.get(section, section), said) for n, (section, _part, said) in enumerate(lacks)]
        chosen = await self.deeds.ask(Picker(_("{ref} is not ready yet").format(ref=self.deeds.ref), items))
        if chosen:
            section, part, _said = lacks[int(chosen)]
            self.goto(section)
            if part is not None:
                self.pane.rows.goto(part)
            self.action_inside()

    def _titles(self) -> list[tuple[str, str]]:
        return [(view.section.id, view.section.title) for view in self.deeds.views()]

    def action_export(self) -> None:
        """Write the file and say where it lies."""
        self.attempt(self._export())

    async def _export(self) -> str:
        if not await self.save_all():
            return _("first decide which text is to stand: ctrl+o")
        path = await asyncio.get_running_loop().run_in_executor(None, self.deeds.export)
        self.call_later(self.tell, _("written to {path}").format(path=path))
        return ""

    def action_skip(self) -> None:
        """Say why there is none."""
        self.attempt(self.deeds.skip())

    def action_grade(self) -> None:
        """How bad it was."""
        self.attempt(self.deeds.grade())

    def action_undo(self) -> None:
        """Take back the last change."""
        self.attempt(self._back(self.deeds.undo()))

    def action_redo(self) -> None:
        """Do it again."""
        self.attempt(self._back(self.deeds.redo()))

    async def _back(self, step: Awaitable[Any]) -> str:
        came = await step
        if came is None:
            return self.deeds.told
        self.call_later(self.tell, came[1])
        return ""

    @staticmethod
    async def _nothing(step: Awaitable[object]) -> str:
        """What has told of itself."""
        await step
        return ""

    # ------------------------------------------------------------------ rows

    @property
    def _part(self) -> int | None:
        """The row under the cursor, in a section that is a list."""
        key = self.pane.rows.key
        return key if isinstance(key, int) and self.here is not None and self.here.section.id in LISTED else None

    def action_add(self) -> None:
        """A new row; on the timeline and the clock, something that happened."""
        section = self.here.section.id if self.here else ""
        if section in LISTED:
            self.set_focus(self.pane.rows)
            self.attempt(self.deeds.add(LISTED[section]))
        elif section in ("timeline", "clock"):
            self.attempt(self._nothing(self.deeds.happened(self.deeds.card)))

    def _edit_part(self) -> None:
        if self._part is not None:
            self.attempt(self.deeds.edit(self._part))

    def action_remove(self) -> None:
        """Take the row off; undo brings it back."""
        if self._part is not None and self.focused is self.pane.rows:
            self.attempt(self.deeds.remove(self._part))
