"""What a person can do to a card: each verb asks what it needs to know, plans one request, and hands it to the session.

The same verbs serve the board and the open card; `Host` is all they know of the screen they are on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from opstui.domain import commands as c
from opstui.domain.model import Conflict, Doc, Refused, clean_line, fields_of
from opstui.domain.policy import check_export
from opstui.i18n import _
from opstui.store.protocol import StoreError
from opstui.typed import Here, shown
from opstui.ui.rows import Row, card_rows, one_row
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from textual.screen import Screen

    from opstui.domain.boards import Board, Stage
    from opstui.ui.screens.form import Save
    from opstui.ui.session import Session

NAMES = 12
"""Names offered when assigning."""


class Host(Protocol):
    """The screen a verb works on."""

    async def ask(self, screen: Screen[Any]) -> Any:
        """Show a dialog and wait for its answer."""

    def say(self, text: str, tone: str = "done") -> None:
        """Tell what happened: done, warning or refused."""

    def key(self, command: str) -> str:
        """The key of a command, for telling people."""

    def settled(self, card: int | None) -> None:
        """State has changed; show it, with the cursor on that card."""


class Verbs:
    """The verbs of one session on one screen. Everything is asked of the state at the moment it is needed."""

    def __init__(self, session: Session, host: Host) -> None:
        """Bound to who sits there and what they look at."""
        self._session, self._host = session, host
        self._workspace = session.workspace

    # ------------------------------------------------------------------ doing

    async def _try(self, build: Callable[[], Plan], card: int | None) -> str:
        """Submit; gives the reason when it was refused."""
        try:
            receipt, said = await self._session.submit(build)
        except Conflict:
            raise
        except (Refused, StoreError) as no:
            self._host.settled(card)
            return str(no)
        created = next((e.id for e in receipt.events if e.kind == "created"), card)
        self._host.settled(created)
        if receipt.batch is None:
            self._host.say(_("nothing to change"))
        else:
            warned = "; ".join(receipt.warnings)
            self._host.say(
                _("{done} · {key} undo").format(
                    done=f"{said}; {warned}" if warned else said, key=self._host.key("undo")
                ),
                "warning" if warned else "done",
            )
        return ""

    async def _do(self, build: Callable[[], Plan], card: int | None) -> None:
        if reason := await self._try(build, card):
            self._host.say(reason, "refused")

    def _doc(self, card: int) -> Doc:
        doc = self._workspace.state.get("cards", card)
        if doc is None:
            raise Refused(_("the card is gone"))
        return doc

    def _board(self, doc: Doc) -> Board:
        board = self._workspace.settings.board(doc["board"])
        if board is None:
            raise Refused(_("its board is no longer in opstui.toml"))
        return board

    def here(self, doc: Doc) -> Here:
        """What is typed on this card is read against."""
        settings = self._workspace.settings
        thousands = "." if settings.locale.startswith(("id", "de", "nl", "es", "it", "pt")) else ","
        return Here(self._workspace.now(), settings.zone, doc.get("currency") or settings.currency, thousands)

    def members(self) -> list[str]:
        """Names that could be owners, the members first."""
        state = self._workspace.state
        return list(dict.fromkeys(str(doc["name"]) for _id, doc in state.items("members")))

    # ------------------------------------------------------------------ moving

    async def stage(self, card: int, by: int) -> None:
        """Move the card a stage on (`by` 1) or back (-1)."""
        await self._move(
            card, lambda board, stage: board.beside(stage, by), _("{ref} is in the last stage on that side")
        )

    async def dismiss(self, card: int) -> None:
        """Cancel, stop or decline: into the board's dropped stage."""
        await self._move(
            card, lambda board, _stage: board.dropped, _("this board has no stage for {ref} to be dropped in")
        )

    async def _move(self, card: int, target: Callable[[Board, str], Stage | None], nowhere: str) -> None:
        def build() -> Plan:
            doc = self._doc(card)
            stage = target(self._board(doc), doc["stage"])
            if stage is None:
                raise Refused(nowhere.format(ref=doc["ref"]))
            said = _("moved {ref} to {stage}").format(ref=doc["ref"], stage=stage.name)
            return Plan((c.MoveCard(card=card, stage=stage.id),), said)

        await self._do(build, card)

    async def drop(self, card: int, stage: str, before: int | None) -> None:
        """Put the card into a stage, above another card: what the mouse does."""

        def build() -> Plan:
            doc = self._doc(card)
            found = self._board(doc).stage(stage)
            said = _("moved {ref} to {stage}").format(ref=doc["ref"], stage=found.name if found else stage)
            return Plan((c.MoveCard(card=card, stage=stage, before=before if before != card else None),), said)

        await self._do(build, card)

    async def reorder(self, card: int, by: int) -> None:
        """Move the card up (-1) or down (1) in its lane."""

        def build() -> Plan:
            doc = self._doc(card)
            lane = list(self._workspace.state.lane(doc["board"], doc["stage"]))
            at = lane.index(card)
            if not 0 <= at + by < len(lane):
                raise Refused(_("{ref} is at the end of its lane").format(ref=doc["ref"]))
            upper, lower = (card, lane[at - 1]) if by < 0 else (lane[at + 1], card)
            said = _("moved {ref} in its lane").format(ref=doc["ref"])
            # Down is the card below going up: that works at the end of every lane.
            return Plan((c.MoveCard(card=upper, stage=doc["stage"], before=lower),), said)

        await self._do(build, card)

    # ------------------------------------------------------------------ fields

    async def new(self, board: Board, stage: str) -> None:
        """A new card, by a form; only the title is needed. No card is born over: then it begins in the first stage."""
        place = board.stage(stage)
        if place is None or place.category in ("done", "dropped"):
            place = board.stages[0]
        here = self.here({})
        rows = card_rows(board.kind, {}, here, self.members())

        async def save(values: dict[str, Any]) -> str:
            title = values.pop("title")
            said = _("created {title}").format(title=clean_line(title)[:40])
            return await self._try(
                lambda: Plan((c.CreateCard(board=board.id, title=title, fields=values, stage=place.id),), said), None
            )

        title = _("New on {board} · {stage}").format(board=board.name, stage=place.name)
        await self._form(title, rows, save)

    async def edit(self, card: int) -> None:
        """All fields of a card."""
        doc = self._doc(card)
        rows = card_rows(doc["kind"], doc, self.here(doc), self.members())
        await self._form(_("Edit {ref}").format(ref=doc["ref"]), rows, self._saver(doc, _("edited {ref}")))

    async def field(self, card: int, name: str, title: str, said: str, note: str = "") -> None:
        """One field of a card. `title` and `said` take the card's ref."""
        doc = self._doc(card)
        row = one_row(doc["kind"], name, doc, self.here(doc), self.members())
        await self._form(title.format(ref=doc["ref"]), [row], self._saver(doc, said), note)

    async def assign(self, card: int) -> None:
        """Who does it."""
        note = "   ".join(self.members()[:NAMES])
        await self.field(card, "owner", _("Who does {ref}? Empty for nobody"), _("assigned {ref}"), note)

    async def due(self, card: int) -> None:
        """By when."""
        await self.field(card, "due", _("When is {ref} due? Empty for no date"), _("changed the due day of {ref}"))

    async def tags(self, card: int) -> None:
        """Tags."""
        await self.field(card, "tags", _("Tags of {ref}"), _("tagged {ref}"))

    async def priority(self, card: int) -> None:
        """Priority; its first letter is enough."""
        await self.field(card, "priority", _("Priority of {ref}"), _("changed the priority of {ref}"))

    def _saver(self, doc: Doc, said: str) -> Save:
        """Saves an edit made from `doc`; a field someone else changed meanwhile is put before the person."""
        card, text = int(doc["id"]), said.format(ref=doc["ref"])
        base = dict(doc)

        async def save(values: dict[str, Any]) -> str:
            values = {name: value for name, value in values.items() if value != base.get(name)}
            while True:
                asked = c.EditCard(card=card, values=dict(values), base={name: base.get(name) for name in values})
                try:
                    return await self._try(lambda asked=asked: Plan((asked,), text), card)  # type: ignore[misc]
                except Conflict as clash:
                    verdict = await self._settle(doc, clash)
                    if verdict == "cancel":
                        return _("not saved: {field} was changed meanwhile").format(field=self._label(doc, clash.field))
                    base[clash.field] = clash.theirs
                    if verdict == "theirs":
                        values.pop(clash.field)
                    if not values:
                        self._host.settled(card)
                        self._host.say(_("kept theirs"))
                        return ""

        return save

    async def _settle(self, doc: Doc, clash: Conflict) -> str:
        from opstui.ui.screens.conflict import ConflictDialog  # noqa: PLC0415

        field = next(f for f in fields_of(doc["kind"]) if f.name == clash.field)
        here = self.here(doc)
        title = _("{field} of {ref} was changed by someone else meanwhile").format(field=_(field.label), ref=doc["ref"])
        verdict = await self._host.ask(
            ConflictDialog(title, shown(field, clash.theirs, here), shown(field, clash.mine, here))
        )
        return str(verdict)

    @staticmethod
    def _label(doc: Doc, name: str) -> str:
        return next((_(f.label) for f in fields_of(doc["kind"]) if f.name == name), name)

    # ------------------------------------------------------------------ the rest of a card

    async def block(self, card: int) -> None:
        """Say what it waits for; a blocked card can go on again."""
        doc = self._doc(card)
        if doc.get("blocker"):
            said = _("{ref} can go on").format(ref=doc["ref"])
            await self._do(lambda: Plan((c.UnblockCard(card=card),), said), card)
            return
        rows = [
            Row(name="reason", label=_("Reason"), required=True, read=clean_line),
            Row(
                name="waiting_on",
                label=_("Waiting on"),
                read=clean_line,
                hint=_("a person, a supplier; may stay empty"),
            ),
        ]
        said = _("blocked {ref}").format(ref=doc["ref"])

        async def save(values: dict[str, Any]) -> str:
            asked = c.BlockCard(card=card, reason=values["reason"], waiting_on=values.get("waiting_on", ""))
            return await self._try(lambda: Plan((asked,), said), card)

        await self._form(_("Why can {ref} not go on?").format(ref=doc["ref"]), rows, save)

    async def comment(self, card: int) -> None:
        """Write a comment of one or many lines."""
        await self._one(
            card,
            Row(name="text", label=_("Comment"), shape="long", required=True),
            _("Comment on {ref}"),
            _("commented on {ref}"),
            lambda text: c.AddComment(card=card, text=text),
        )

    async def check(self, card: int) -> None:
        """Add a checklist item; a number ticks or unticks the item of that number."""
        items = self._doc(card).get("checklist") or []
        ids = {str(item["id"]): item for item in items}

        def command(text: str) -> c.Command:
            if text in ids:
                return c.TickCheck(card=card, item=int(text), done=not ids[text].get("done", False))
            return c.AddCheck(card=card, text=text)

        note = "   ".join(f"{i['id']} {'✓' if i.get('done') else '·'} {i['text'][:30]}" for i in items[:NAMES])
        row = Row(
            name="text",
            label=_("Item"),
            required=True,
            read=clean_line,
            hint=_("a new item, or the number of one to tick"),
        )
        await self._one(card, row, _("Checklist of {ref}"), _("changed the checklist of {ref}"), command, note)

    async def link(self, card: int) -> None:
        """Link to another card by its ref."""

        def read(text: str) -> int:
            found = self._workspace.state.find_ref(clean_line(text).upper())
            if found is None:
                raise ValueError(_("no card has this number"))
            return found

        row = Row(name="text", label=_("Card"), required=True, read=read, hint="ORD-0042", echo=self._title)
        await self._one(
            card, row, _("Link {ref} to"), _("linked {ref}"), lambda other: c.LinkCards(card=card, other=other)
        )

    def _title(self, ref: str) -> str:
        found = self._workspace.state.find_ref(clean_line(ref).upper())
        doc = self._workspace.state.get("cards", found) if found is not None else None
        return str(doc["title"])[:60] if doc else ""

    async def _one(
        self, card: int, row: Row, title: str, said: str, command: Callable[[Any], c.Command], note: str = ""
    ) -> None:
        """A form of one row whose answer becomes one command."""
        ref = self._doc(card)["ref"]

        async def save(values: dict[str, Any]) -> str:
            asked = command(values[row.name])
            return await self._try(lambda: Plan((asked,), said.format(ref=ref)), card)

        await self._form(title.format(ref=ref), [row], save, note)

    async def archive(self, card: int) -> None:
        """Put it away."""
        said = _("archived {ref}").format(ref=self._doc(card)["ref"])
        await self._do(lambda: Plan((c.ArchiveCard(card=card),), said), card)

    async def postmortem(self, card: int) -> None:
        """Draft its post-mortem, unless it has one, and write it out as Markdown."""
        ref = self._doc(card)["ref"]
        await self._session.submit(
            lambda: Plan((c.DraftPostmortem(card=card),), _("drafted the post-mortem of {ref}").format(ref=ref)),
            undoable=False,
        )
        self._host.settled(card)
        path = await asyncio.get_running_loop().run_in_executor(None, self._export, card)
        self._host.say(_("post-mortem of {ref} written to {path}").format(ref=ref, path=path))

    def _export(self, card: int) -> str:
        from opstui.exports.postmortem import export_postmortem  # noqa: PLC0415 - not needed for the first picture

        found = next(doc for _id, doc in self._workspace.state.items("postmortems") if doc["card"] == card)
        check_export(self._session.actor, self._doc(card)["kind"])
        written = export_postmortem(self._workspace, found)
        path = written.path
        return str(path.relative_to(self._workspace.path) if path.is_relative_to(self._workspace.path) else path)

    async def undo(self) -> None:
        """Take back the last step of this session."""
        await self._back(self._session.undo, _("undone: {what} · {key} redo"), "redo")

    async def redo(self) -> None:
        """Do it again."""
        await self._back(self._session.redo, _("done again: {what} · {key} undo"), "undo")

    async def _back(self, step: Callable[[], Any], said: str, back: str) -> None:
        try:
            receipt, what = await step()
        except (Refused, StoreError) as no:
            self._host.settled(None)
            self._host.say(str(no), "refused")
            return
        self._host.settled(next((e.id for e in receipt.events if e.table == "cards" and not e.data.get("aside")), None))
        self._host.say(said.format(what=what, key=self._host.key(back)))

    async def _form(self, title: str, rows: list[Row], save: Save, note: str = "") -> None:
        from opstui.ui.screens.form import Form  # noqa: PLC0415 - not needed for the first picture

        await self._host.ask(Form(title, rows, save, note))
