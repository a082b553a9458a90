"""What a person can do to the marked cards: the verbs of one card, for many, in one batch that one undo takes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from opstui.domain import commands as c
from opstui.domain.model import Doc, clean_line
from opstui.i18n import _
from opstui.ui.each import MANY, BulkHost, Each, Outcome, count
from opstui.ui.moving import no_further
from opstui.ui.rows import Row, one_row
from opstui.ui.tags import NOTHING, read_tags
from opstui.ui.verbs import Verbs

if TYPE_CHECKING:
    from opstui.domain.boards import Stage
    from opstui.ui.attempts import Back
    from opstui.ui.screens.form import Save
    from opstui.ui.session import Session


class Bulk(Each):
    """The verbs of the marked cards of one screen."""

    def __init__(self, session: Session, host: BulkHost, verbs: Verbs) -> None:
        """`verbs` are those of one card: who can be an owner, and how values are typed, is theirs."""
        super().__init__(session, host)
        self._verbs = verbs

    # ------------------------------------------------------------------ moving

    async def stage(self, by: int) -> None:
        """Each card a stage on (`by` 1) or back (-1)."""
        board = self._host.desk.board
        left = await self._left_closed(lambda stage: board.beside(stage, by))
        if left is None:
            return
        said = _("moved {cards} a stage on") if by > 0 else _("moved {cards} a stage back")

        def wish(doc: Doc) -> c.CardCommand | str | None:
            if doc["id"] in left:
                return None
            stage = board.beside(doc["stage"], by)
            if stage is None:
                return no_further(board, doc["stage"], by)
            return c.MoveCard(card=doc["id"], stage=stage.id, seen_in=doc["stage"])

        await self._tell(await self._try(wish, said, self._clearing(by)))

    async def dismiss(self) -> None:
        """Cancel, stop or decline them: into the board's dropped stage."""
        stage = self._host.desk.board.dropped
        if stage is None:
            self._host.say(_("this board has no stage for cards to be dropped in"), "refused")
        else:
            await self.move_to(stage)

    async def move_to(self, stage: Stage, before: int | None = None) -> None:
        """All into one stage, in the order they have; above the card `before` if that is not one of them."""
        left = await self._left_closed(lambda _stage: stage)
        if left is None:
            return
        above = None if before in self._host.board.selection else before

        def wish(doc: Doc) -> c.CardCommand | str | None:
            there = doc["stage"] == stage.id or doc["id"] in left
            return None if there else c.MoveCard(card=doc["id"], stage=stage.id, before=above, seen_in=doc["stage"])

        name = stage.name.replace("{", "{{").replace("}", "}}")
        said = _("moved {cards} to {stage}").format(cards="{cards}", stage=name)
        await self._tell(await self._try(wish, said, self._clearing(0) if above is None else list))

    async def _left_closed(self, goes_to: Callable[[str], Stage | None]) -> frozenset[int] | None:
        """The marked cards that are closed and stay so, though where they would go the work is open.

        Nobody opens many of them again by a slip, so it is asked; None: the person does not want any of it.
        """
        board, marked = self._host.desk.board, self._host.board.selection
        closed: set[int] = set()
        for stage in (stage for stage in board.stages if stage.ends):
            target = goes_to(stage.id)
            if target is not None and not target.ends:
                closed |= marked.intersection(self._state.lane(board.id, stage.id))
        if not closed:
            return frozenset()
        from opstui.ui.screens.confirm import Confirm  # noqa: PLC0415 - not needed for the first picture

        rest = len(marked) - len(closed)
        told = _("{closed} of {all} marked are closed: open them again too?")
        no = _("only the {n} open").format(n=rest) if rest else ""
        question = Confirm(told.format(closed=len(closed), all=len(marked)), _("yes, all"), no)
        answer = await self._host.ask(question)
        return None if answer is None or not (answer or rest) else frozenset() if answer else frozenset(closed)

    def _clearing(self, by: int) -> Callable[[list[c.CardCommand]], list[c.CardCommand]]:
        """Moves in the order in which they do not stand in each other's way.

        What goes on is moved from the far end, so that it makes room for the cards behind; what goes on top of a
        stage, last card first, so that the cards keep their order there.
        """
        board = self._host.desk.board
        place = {stage.id: n for n, stage in enumerate(board.stages)}
        tops = {stage.id for stage in board.stages if stage.ends}

        def ordered(moves: list[c.CardCommand]) -> list[c.CardCommand]:
            rows = [(-by * place.get(getattr(m, "stage", ""), 0), m) for m in moves]
            top = [row for row in rows if getattr(row[1], "stage", "") in tops]
            rest = [row for row in rows if getattr(row[1], "stage", "") not in tops]
            return [move for _at, move in sorted([*reversed(top), *rest], key=lambda row: row[0])]

        return ordered

    # ------------------------------------------------------------------ fields

    async def assign(self) -> None:
        """Who does them."""
        hint = _("a name, or {nothing} for nobody").format(nothing=NOTHING)
        await self._field("owner", _("Who does {cards}?"), _("assigned {cards}"), hint)

    async def due(self) -> None:
        """By when."""
        hint = _("fri, +3d, 12 may, or {nothing} for no date").format(nothing=NOTHING)
        await self._field("due", _("When are {cards} due?"), _("changed the due day of {cards}"), hint)

    async def priority(self) -> None:
        """How urgent they are."""
        await self._field("priority", _("Priority of {cards}"), _("changed the priority of {cards}"), "")

    async def _field(self, name: str, title: str, said: str, hint: str) -> None:
        plain = self._row(name, hint)

        def read(text: str) -> Any:
            return plain.read("" if text.strip() == NOTHING else text)

        def echo(text: str) -> str:
            return _("nothing") if text.strip() == NOTHING else plain.echo(text)

        row = replace(plain, read=read, echo=echo)
        cards = self._cards()

        async def save(values: dict[str, Any]) -> str:
            return await self._try(
                lambda doc: c.EditCard(card=doc["id"], values={name: values[name]}), said, cards=cards
            )

        await self._form(title, [row], save)

    async def tags(self) -> None:
        """Tags: set them, or add and take away."""
        row = replace(self._row("tags", _("+vip -old, or: wholesale, repeat")), read=read_tags, echo=lambda _text: "")
        note = _("+tag adds, -tag takes away; without signs all are set anew; {nothing} for none").format(
            nothing=NOTHING
        )
        cards = self._cards()

        async def save(values: dict[str, Any]) -> str:
            change = values["tags"]

            def wish(doc: Doc) -> c.CardCommand | str | None:
                seen = doc.get("tags") or []
                base = {"tags": doc.get("tags")} if change.relative else {}
                return c.EditCard(card=doc["id"], values={"tags": change(seen)}, base=base)

            return await self._try(wish, _("tagged {cards}"), cards=cards)

        await self._form(_("Tags of {cards}"), [row], save, note)

    def _row(self, name: str, hint: str) -> Row:
        board, here = self._host.desk.board, self._verbs.here({})
        source = self._verbs.sources.of(board.id, here.today, alone=True).get(name)
        row = one_row(board.kind, name, {}, here, source)
        return replace(row, required=True, hint=hint)

    # ------------------------------------------------------------------ the rest

    async def block(self) -> None:
        """Say what they wait for; where all are blocked, that they can go on."""
        cards = self._cards()
        if len(cards) <= MANY and all((self._state.get("cards", card) or {}).get("blocker") for card in cards):
            await self._tell(await self._try(lambda doc: c.UnblockCard(card=doc["id"]), _("{cards} can go on")))
            return
        rows = [
            Row(name="reason", label=_("Reason"), required=True, read=clean_line),
            Row(name="waiting_on", label=_("Waiting on"), read=clean_line, hint=_("a person, a supplier")),
        ]

        async def save(values: dict[str, Any]) -> str:
            why, whom = values["reason"], values.get("waiting_on", "")

            def wish(doc: Doc) -> c.CardCommand | str | None:
                if doc.get("blocker"):
                    return _("it is blocked already: {reason}").format(reason=doc["blocker"].get("reason", ""))
                return c.BlockCard(card=doc["id"], reason=why, waiting_on=whom)

            return await self._try(wish, _("blocked {cards}"), cards=cards)

        await self._form(_("Why can {cards} not go on?"), rows, save)

    async def archive(self) -> None:
        """Put them away."""
        await self._tell(await self._try(lambda doc: c.ArchiveCard(card=doc["id"]), _("archived {cards}")))

    # ------------------------------------------------------------------ back and again

    async def undo(self) -> None:
        """Take back the last step; what it did to cards that were changed since stays, and they are told.

        While something is being done that is the last step: it is taken back as soon as it is done.
        """
        if self._session.busy:
            self._host.say(_("undo waits for what is being done ..."), "working")
        self._note(await self._verbs.undo())

    async def redo(self) -> None:
        """Do it again, in the same way."""
        self._note(await self._verbs.redo())

    def _note(self, back: Back) -> None:
        """Cards that had to be left as they are have a mark, and their reasons are kept."""
        if back is None or not back[0].refused:
            return
        receipt, told = back
        self.last = Outcome(told, receipt.changed, receipt.refused)
        here = self._host.desk.board.id
        left = (card for card, _why in receipt.refused)
        self._host.board.mark(card for card in left if (self._state.get("cards", card) or {}).get("board") == here)

    async def _form(self, title: str, rows: list[Row], save: Save, note: str = "") -> None:
        from opstui.ui.screens.form import Form  # noqa: PLC0415 - not needed for the first picture

        cards = count(len(self._host.board.selection))
        await self._host.ask(Form(title.format(cards=cards), rows, save, note))
