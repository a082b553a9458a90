"""The editor of a post-mortem: its sections with their state on the left, what each says on the right.

What is typed is saved a second after the last letter, as a change of that section alone, so that two people who write
two sections never notice each other. Where both write one, nothing is saved until a person has seen both texts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Hashable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from opstui.domain.model import Refused
from opstui.domain.sections import LISTED
from opstui.i18n import _
from opstui.projections.bodies import bodies, proposal
from opstui.projections.writing import part_remarks, text_remarks
from opstui.store.protocol import StoreError
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import cells, clip
from opstui.ui.readers import READERS
from opstui.ui.screens.postmortem_keys import PostmortemKeys
from opstui.ui.unsaved import tidy
from opstui.ui.widgets.entries import Column, Entry, Section, Span
from opstui.ui.widgets.listing import Listing
from opstui.ui.widgets.section_pane import Facts, SectionPane, Shown

if TYPE_CHECKING:
    from textual.timer import Timer

    from opstui.projections.writing import SectionView
    from opstui.ui.live import News
    from opstui.ui.postmortems import PostmortemDeeds
    from opstui.ui.unsaved import Unsaved

SAVE_AFTER, KEPT, LATER = 1.0, 1.5, 1.0
"""Seconds after the last letter until it is saved; that a kill may cost; after a change until the facts are new."""
BESIDE, BROAD, WIDE = 72, 110, 150
"""Columns from which sections stand beside the text, have all their words, and have the preview beside them."""
STATES = {
    "automatic": ("open", "muted"),
    "confirm": ("others", "accent"),
    "write": ("after", "warn"),
    "done": ("marked", "ok"),
}
"""State -> its sign and its colour."""


class PostmortemScreen(PostmortemKeys):
    """Gives nothing; everything is saved as it is made."""

    AUTO_FOCUS = "#sections"
    HORIZONTAL_BREAKPOINTS = []  # noqa: RUF012 - it takes the whole width
    DEFAULT_CSS = """
    PostmortemScreen { background: transparent;
        & > .sheet { width: 100%; height: 1fr; margin-top: 1; background: $panel; }
        & .top { height: 1; padding: 0 1; }
        & .title { width: 1fr; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        & .note { width: auto; max-width: 40%; color: $muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & .body { height: 1fr; }
        & #sections { width: 38; margin-right: 1; }
        &.-broad #sections { width: 46; }
        & SectionPane { width: 1fr; max-width: 110; height: 100%; }
        & #preview { display: none; width: 1fr; height: 100%; padding: 0 1; scrollbar-size-vertical: 1;
                     border-left: vkey $line; max-width: 110; }
        & .keys { height: 1; padding: 0 1; color: $muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & .keys.-wrong { color: $late; height: auto; max-height: 3; text-wrap: wrap; }
        &.-airy .body, &.-airy .keys { margin-top: 1; }
        &.-alone #sections { width: 1fr; }
        &.-alone SectionPane { display: none; }
        &.-alone.-inside SectionPane { display: block; }
        &.-alone.-inside #sections { display: none; }
        &.-preview #preview { display: block; }
        &.-preview.-over SectionPane, &.-preview.-alone #sections { display: none; }
        &.-over #preview { max-width: 100%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("v,f3", "preview", show=False)]

    def __init__(self, deeds: PostmortemDeeds, unsaved: Unsaved, section: str = "") -> None:
        """Begin at a section, or at the first that waits for somebody."""
        super().__init__(deeds, unsaved)
        columns = (Column(width=1), Column(lead=True), Column(width=11, right=True, drop=1))
        self.sections = Listing(self._entry, columns, id="sections")
        self.pane, self.preview = SectionPane(), Facts(id="preview")
        self._views: dict[str, SectionView] = {}
        self._first, self._section = section, ""
        self._text, self._base = "", ""
        """What was put into the box, and what was saved then."""
        self._markdown, self._bodies = "", dict[str, str]()
        self._working = self._stale = False
        self._soon: Timer | None = None
        self._saver: Timer | None = None
        self._keeper: Timer | None = None

    def compose(self) -> ComposeResult:
        """Title; sections, the section, the preview; keys."""
        with Vertical(classes="sheet"):
            with Horizontal(classes="top"):
                yield Static("", classes="title", markup=False)
                yield Static("", classes="note", markup=False)
            with Horizontal(classes="body"):
                yield self.sections
                yield self.pane
                yield self.preview
            yield Static("", classes="keys", markup=False)

    def on_mount(self) -> None:
        """Sections at once, facts when they are worked out; what was left behind is saved now."""
        self._look()
        self.sections.show([Section("", list(self._views))])
        waits = (name for name, view in self._views.items() if view.state != "automatic")
        self.goto(self._first if self._first in self._views else next(waits, ""))
        self.fill()
        self.ask_facts()
        if self.unsaved.texts:
            self.tell(_("what you wrote here before the console ended is here again"))
            self.run_worker(self.save_all())

    def on_resize(self) -> None:
        """What stands beside what."""
        self.set_class(self.size.width < BESIDE, "-alone")
        self.set_class(self.size.width < WIDE, "-over")
        self.set_class(self.size.width >= BROAD, "-broad")
        self.set_class(self.size.height >= 20, "-airy")  # noqa: PLR2004 - lines
        if self._views:
            self._head()
            self.tell()

    def on_descendant_focus(self) -> None:
        """Where there is room for one only, it is the one with the focus."""
        self.set_class(self.focused not in (self.sections, None), "-inside")
        self.tell()

    # ------------------------------------------------------------------ what is shown

    @property
    def here(self) -> SectionView | None:
        """The section on show."""
        return self._views.get(self._section)

    def goto(self, section: str) -> None:
        """The cursor on a section."""
        if section and not self.sections.goto(section) and self.sections.key == section:
            return
        self._turn_to(str(self.sections.key))

    def fill(self) -> None:
        """Everything as it is now."""
        if self.deeds.doc is None:
            self.dismiss(None)
            return
        self._look()
        self.sections.forget()
        self._head()
        self._fill_section()

    def _look(self) -> None:
        self._views = {view.section.id: view for view in self.deeds.views()} if self.deeds.doc else {}

    def on_listing_pointed(self, event: Listing.Pointed) -> None:
        """Another section; what was typed in the one before is saved."""
        if isinstance(event.key, str):
            self._turn_to(event.key)

    def _turn_to(self, section: str) -> None:
        if section == self._section or section not in self._views:
            return
        if self._section:
            self.take()
            self.run_worker(self.save(self._section))
        self._section = section
        self.put(section)
        self.pane.paper.move_cursor(self.pane.paper.document.end)
        self._fill_section()
        if self.has_class("-preview"):
            self.preview.goto(self._views[section].section.title)

    def _standing(self) -> str:
        """What belongs into the box: what one typed, what is saved, or the sentence made from facts."""
        typed = self.unsaved.texts.get(self._section)
        if typed is not None:
            return typed.text
        view, saved = self._views[self._section], self.deeds.written(self._section)
        facts = view.section.how == "confirm" and not saved
        sure = bool((self.deeds.doc or {}).get(f"sure.{self._section}"))
        return proposal(self._bodies.get(view.section.title, ""), sure=sure) if facts else saved

    def _put(self, text: str) -> None:
        self._text = text
        if tidy(self.pane.paper.text) != tidy(text):
            at = self.pane.paper.cursor_location
            self.pane.paper.load_text(text)
            self.pane.paper.move_cursor(at)

    def _fill_section(self) -> None:
        view = self.here
        if view is None:
            return
        self.take()
        section, clash = view.section, self.unsaved.clash(view.section.id)
        if section.how != "facts" and section.id not in LISTED and section.id not in self.unsaved.texts:
            self.put(section.id)
        rows = self.deeds.rows(LISTED[section.id]) if section.id in LISTED else {}
        lacks = self.deeds.unready() if section.id == "actions" else {}
        body = self._bodies.get(section.title) or (_("not in the file") if self._markdown else _("reading ..."))
        self.pane.show(Shown(view, self._note(view), body, clash, rows, lacks), LISTED.get(section.id, ""))
        self.remark()

    def _note(self, view: SectionView) -> str:
        section = view.section
        if section.how == "facts":
            return {
                "timeline": _("computed; enter chooses what belongs into the story, n says what happened and when"),
                "clock": _("computed from marks; n says what happened and when"),
            }.get(section.id, _("computed from the history; nobody has to write it"))
        if view.state == "confirm" and self._text and section.id not in self.unsaved.texts:
            return _("{question} Made from facts: change it, or c says that it is right").format(
                question=_sentence(section.prompt)
            )
        return _sentence(section.prompt)

    def remark(self) -> None:
        """Say what is to be said of the words of this section, as they stand in the box."""
        view = self.here
        if view is None or view.section.how == "facts":
            self.pane.remark(())
            return
        names = self.deeds.names()
        if view.section.id in LISTED:
            row = self.pane.shown.rows.get(self._part or 0) if self.pane.shown else None
            self.pane.remark(part_remarks(dict(row), names) if row else ())
        else:
            self.pane.remark(text_remarks(view.section.id, self.pane.paper.text, names))

    def _head(self) -> None:
        doc = self.deeds.doc or {}
        status = {"draft": _("draft"), "published": _("published"), "skipped": _("skipped: {reason}")}
        parts = [status.get(doc.get("status", ""), "").format(reason=doc.get("reason", ""))]
        parts += [str(doc["severity"])] if doc.get("severity") else []
        if doc.get("due") and doc.get("status") == "draft":
            parts.append(_("to be drafted by {day}").format(day=doc["due"]))
        waiting = sum(view.state in ("write", "confirm") or bool(view.missing) for view in self._views.values())
        note = _("{n} of {all} wait").format(n=waiting, all=len(self._views)) if waiting else _("nothing waits")
        title = f"{self.deeds.ref} · {' · '.join(filter(None, parts))} · {self.deeds.subject}"
        self.query_one(".note", Static).update(Content(note))
        self.query_one(".title", Static).update(Content(clip(title, max(8, self.size.width - cells(note) - 3))))

    def _entry(self, key: Hashable) -> Entry:
        view = self._views[str(key)]
        sign, color = STATES[view.state]
        word, tone = view.word, "muted" if view.state in ("automatic", "done") else color
        if self.unsaved.clash(view.section.id) is not None:
            sign, color, word, tone = "bad", "late", _("two texts"), "late"
        elif view.missing:
            sign, color, tone = "late", "late", "late"
        elif view.remarks:
            word = f"{MARKS['warn']} {word}"
        ink = "muted" if view.state == "automatic" else "ink"
        return Entry(((Span(MARKS[sign], color),), (Span(view.section.title, ink),), (Span(word, tone),)))

    # ------------------------------------------------------------------ what is typed

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """A letter: soon it is saved, and sooner than it could be lost it is on the disk."""
        event.stop()
        self.take()
        self.remark()
        if self._section not in self.unsaved.texts:
            return
        self._soon_saved()
        if self._keeper is None:
            self._keeper = self.set_timer(KEPT, self._keep)

    def _soon_saved(self) -> None:
        if self._saver is not None:
            self._saver.stop()
        self._saver = self.set_timer(SAVE_AFTER, self._save_now)

    def take(self) -> None:
        """Note what stands in the box."""
        view = self.here
        if view is not None and view.section.how != "facts" and view.section.id not in LISTED:
            self.unsaved.typed(self._section, self.pane.paper.text, shown=self._text, base=self._base)

    def _save_now(self) -> None:
        self._saver = None
        if self._section in self.unsaved.texts:
            self.run_worker(self.save(self._section))

    def _keep(self) -> None:
        self._keeper = None
        if self.unsaved.texts:
            self.unsaved.keep()

    def saved(self, section: str, text: str) -> None:
        """This is saved now, and was typed here; what is in the box besides it is saved after it."""
        if section == self._section:
            self._base = self._text = text
            self.take()
            if section in self.unsaved.texts:
                self._soon_saved()

    def put(self, section: str) -> None:
        """The box shows what is to stand, where it is the section on show."""
        if section == self._section:
            self._base = self.deeds.written(section)
            self._put(self._standing())

    # ------------------------------------------------------------------ what others do, and the facts

    def on_news(self, event: News) -> None:
        """Something was changed: texts and rows at once, facts soon."""
        del event
        self.fill()
        if self._soon is None:
            self._soon = self.set_timer(LATER, self.ask_facts)

    def ask_facts(self) -> None:
        """Work out the Markdown in a thread; one at a time."""
        self._soon = None
        if self._working:
            self._stale = True
            return
        self._working, self._stale = True, False
        self.run_worker(self._work_out())

    async def _work_out(self) -> None:
        try:
            self._markdown = await asyncio.get_running_loop().run_in_executor(READERS, self.deeds.markdown)
        except (Refused, StoreError, KeyError) as no:
            self.tell(str(no), wrong=True)
            return
        finally:
            self._working = False
        self._bodies = dict(bodies(self._markdown))
        if not self.is_attached:
            return
        self.preview.read(self._markdown)
        self._fill_section()
        if self._stale:
            self.ask_facts()

    def action_preview(self) -> None:
        """The whole file as it will read, or no more."""
        on = not self.has_class("-preview")
        self.set_class(on, "-preview")
        if not on:
            self.set_focus(self.sections)
            return
        if self.has_class("-over"):
            self.set_focus(self.preview)
        self.call_after_refresh(self.preview.goto, self.here.section.title if self.here else "")

    def attempt(self, step: Awaitable[str], said: str = "") -> None:
        """Do something while keys wait, and tell what came of it."""
        self.tell()
        self.ops.hold()
        self.run_worker(self._attempted(step, said))

    async def _attempted(self, step: Awaitable[str], said: str) -> None:
        try:
            reason = await step
            if self.is_attached:
                self.fill()
                self.tell(reason or said, wrong=bool(reason))
        except (Refused, StoreError) as no:
            self.tell(str(no), wrong=True)
        finally:
            await self.ops.release()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
