"""What a person can do to a card: each verb asks what it needs to know, plans one request, and hands it to the session.

The same verbs serve the board and the open card; `Host` is all they know of the screen they are on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from opstui.domain import commands as c
from opstui.domain.decide import RELATIONS
from opstui.domain.model import Conflict, Doc, Refused, clean_line
from opstui.domain.policy import check_export
from opstui.formats import Formats
from opstui.i18n import _
from opstui.projections.timeline import relation
from opstui.store.protocol import StoreError
from opstui.typed import Here
from opstui.ui.rows import Row, card_rows, one_row
from opstui.ui.session import Plan
from opstui.ui.sources import Sources

if TYPE_CHECKING:
    from textual.screen import Screen

    from opstui.domain.boards import Board, Stage
    from opstui.ui.checks import CheckDeeds
    from opstui.ui.screens.form import Save
    from opstui.ui.session import Session
    from opstui.workspace import Receipt

    Back = tuple[Receipt, str] | None
    """What came of an undo or a redo, and the words told; None when it was refused."""


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
        self.sources = Sources(self._workspace)

    # ------------------------------------------------------------------ doing

    async def attempt(self, build: Callable[[], Plan], card: int | None) -> str:
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
        if reason := await self.attempt(build, card):
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
        currency = doc.get("currency") or settings.currency
        said = Formats(settings.locale, settings.currency, settings.zone)
        return Here(self._workspace.now(), settings.zone, currency, thousands, said.iso_day)

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

    async def drop(self, card: int, stage: str, before: int | None, values: dict[str, Any] | None = None) -> None:
        """Put the card into a stage, above another card: what the mouse does. `values` are set with it, if any."""

        def build() -> Plan:
            doc = self._doc(card)
            found = self._board(doc).stage(stage)
            said = _("moved {ref} to {stage}").format(ref=doc["ref"], stage=found.name if found else stage)
            if stage == doc["stage"]:
                said = _("moved {ref} in its lane").format(ref=doc["ref"])
            move = c.MoveCard(card=card, stage=stage, before=before if before != card else None)
            moves = (move,) if stage != doc["stage"] or before is not None or not values else ()
            if not values:
                return Plan(moves, said)
            said = _("moved {ref} to another swimlane").format(ref=doc["ref"])
            base = {name: doc.get(name) for name in values}
            return Plan((*moves, c.EditCard(card=card, values=values, base=base)), said)

        await self._do(build, card)

    async def reorder(self, card: int, by: int, among: Sequence[int] = ()) -> None:
        """Move the card up (-1) or down (1) in its lane; `among` those of its swimlane, if the lane is cut."""

        def build() -> Plan:
            doc = self._doc(card)
            lane = list(among or self._workspace.state.lane(doc["board"], doc["stage"]))
            at = lane.index(card) if card in lane else -1
            if at < 0 or not 0 <= at + by < len(lane):
                raise Refused(_("{ref} is at the end of its lane").format(ref=doc["ref"]))
            upper, lower = (card, lane[at - 1]) if by < 0 else (lane[at + 1], card)
            said = _("moved {ref} in its lane").format(ref=doc["ref"])
            # Down is the card below going up: that works at the end of every lane.
            return Plan((c.MoveCard(card=upper, stage=doc["stage"], before=lower),), said)

        await self._do(build, card)

    # ------------------------------------------------------------------ fields

    @staticmethod
    def birthplace(board: Board, stage: str) -> Stage:
        """Where a new card begins: in that stage; no card is born over, then it is the first one."""
        place = board.stage(stage)
        return board.stages[0] if place is None or place.category in ("done", "dropped") else place

    async def new(self, board: Board, stage: str, title: str = "") -> None:
        """A new card, by a form; only the title is needed."""
        place, here = self.birthplace(board, stage), self.here({})
        begun = {"title": title} if title else {}
        rows = card_rows(board.kind, begun, here, self.sources.of(board.id, here.today))

        async def save(values: dict[str, Any]) -> str:
            title = values.pop("title")
            said = _("created {title}").format(title=clean_line(title)[:40])
            return await self.attempt(
                lambda: Plan((c.CreateCard(board=board.id, title=title, fields=values, stage=place.id),), said), None
            )

        heading = _("New on {board} · {stage}").format(board=board.name, stage=place.name)
        await self._form(heading, rows, save, f"new-{board.id}")

    async def edit(self, card: int) -> None:
        """All fields of a card."""
        doc, here = self._doc(card), self.here(self._doc(card))
        rows = card_rows(doc["kind"], doc, here, self.sources.of(doc["board"], here.today))
        title, saver = _("Edit {ref}").format(ref=doc["ref"]), self._saver(doc, _("edited {ref}"))
        await self._form(title, rows, saver, f"edit-{card}")

    async def field(self, card: int, name: str, title: str, said: str) -> None:
        """One field of a card. `title` and `said` take the card's ref."""
        doc, here = self._doc(card), self.here(self._doc(card))
        source = self.sources.of(doc["board"], here.today, alone=True).get(name)
        row = one_row(doc["kind"], name, doc, here, source)
        await self._form(title.format(ref=doc["ref"]), [row], self._saver(doc, said), f"{name}-{card}")

    async def assign(self, card: int) -> None:
        """Who does it."""
        await self.field(card, "owner", _("Who does {ref}? Empty for nobody"), _("assigned {ref}"))

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
        from opstui.ui.edits import Edit  # noqa: PLC0415 - not needed for the first picture

        return Edit(doc, said.format(ref=doc["ref"]), self.here(doc), self.attempt, self._host).save

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
            return await self.attempt(lambda: Plan((asked,), said), card)

        await self._form(_("Why can {ref} not go on?").format(ref=doc["ref"]), rows, save, f"block-{card}")

    async def comment(self, card: int) -> None:
        """Write a comment of one or many lines."""
        ref = self._doc(card)["ref"]
        row = Row(name="text", label=_("Comment"), shape="long", required=True)

        async def save(values: dict[str, Any]) -> str:
            asked = c.AddComment(card=card, text=values["text"])
            return await self.attempt(lambda: Plan((asked,), _("commented on {ref}").format(ref=ref)), card)

        await self._form(_("Comment on {ref}").format(ref=ref), [row], save, f"comment-{card}")

    async def check(self, card: int) -> None:
        """Its checklist, to be worked on in place."""
        from opstui.ui.screens.checklist import Checklist  # noqa: PLC0415 - not needed for the first picture

        await self._host.ask(Checklist(self._checks(card)))

    async def tick(self, card: int, item: int) -> None:
        """Tick an item of its checklist, or untick it: what a click on it does."""
        if reason := await self._checks(card).toggle(item):
            self._host.say(reason, "refused")

    def _checks(self, card: int) -> CheckDeeds:
        from opstui.ui.checks import CheckDeeds  # noqa: PLC0415 - not needed for the first picture

        return CheckDeeds(lambda: self._doc(card), self.attempt, self.undo, self.redo)

    async def link(self, card: int) -> None:
        """Link to another card, found by its ref or by words of its title."""
        words = {relation(name): name for name in RELATIONS}
        rows = [
            Row(
                name="relation", label=_("How"), choices=tuple(words), text=relation("relates"), read=words.__getitem__
            ),
            Row(
                name="other",
                label=_("Card"),
                required=True,
                first=True,
                read=self._ref,
                source=self.sources.cards(card),
                hint=_("ORD-0042, or words of its title"),
                echo=self._title,
            ),
        ]
        ref = self._doc(card)["ref"]

        async def save(values: dict[str, Any]) -> str:
            asked = c.LinkCards(card=card, other=values["other"], relation=values.get("relation", "relates"))
            return await self.attempt(lambda: Plan((asked,), _("linked {ref}").format(ref=ref)), card)

        await self._form(_("Link {ref} to").format(ref=ref), rows, save, f"link-{card}")

    def _ref(self, text: str) -> int:
        found = self._workspace.state.find_ref(clean_line(text).upper())
        if found is None:
            raise ValueError(_("no card has this number"))
        return found

    def _title(self, ref: str) -> str:
        found = self._workspace.state.find_ref(clean_line(ref).upper())
        doc = self._workspace.state.get("cards", found) if found is not None else None
        return str(doc["title"])[:60] if doc else ""

    async def archive(self, card: int) -> None:
        """Put it away."""
        said = _("archived {ref}").format(ref=self._doc(card)["ref"])
        await self._do(lambda: Plan((c.ArchiveCard(card=card),), said), card)

    async def postmortem(self, card: int) -> None:
        """Draft its post-mortem, unless it has one, and write it out as Markdown."""
        ref = self._doc(card)["ref"]
        await self._session.submit(
            lambda: Plan((c.DraftPostmortem(card=card),), _("drafted the post-mortem of {ref}").format(ref=ref))
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

    async def undo(self) -> Back:
        """Take back the last step of this session."""
        part = _("undone but for {n} of {all} (enter says why): {what} · {key} redo")
        return await self._back(self._session.undo, _("undone: {what} · {key} redo"), part, "redo")

    async def redo(self) -> Back:
        """Do it again."""
        part = _("done again but for {n} of {all} (enter says why): {what} · {key} undo")
        return await self._back(self._session.redo, _("done again: {what} · {key} undo"), part, "undo")

    async def _back(self, step: Callable[[], Awaitable[tuple[Receipt, str]]], said: str, part: str, back: str) -> Back:
        try:
            receipt, what = await step()
        except (Refused, StoreError) as no:
            self._host.settled(None)
            self._host.say(str(no), "refused")
            return None
        self._host.settled(next((e.id for e in receipt.events if e.table == "cards" and not e.data.get("aside")), None))
        left = len(receipt.refused)
        words = {"n": left, "all": left + len(receipt.changed), "what": what, "key": self._host.key(back)}
        told = (part if left else said).format(**words)
        self._host.say(told, "warning" if left else "done")
        return receipt, told

    async def _form(self, title: str, rows: list[Row], save: Save, draft: str) -> None:
        """Ask; `draft` names the form, for what is typed in it when the console ends."""
        from opstui.ui.drafts import Draft  # noqa: PLC0415 - not needed for the first picture
        from opstui.ui.screens.form import Form  # noqa: PLC0415

        kept = Draft(self._workspace.path, self._session.actor.name, draft)
        await self._host.ask(Form(title, rows, save, draft=kept))
