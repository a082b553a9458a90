"""What a person can do to the marked cards: the verbs of one card, for many, in one batch that one undo takes back.

Each card is decided for itself. Those that are refused keep their mark, with the reason in `last`; when all went
through the marks stay, so that the next key goes on with the same cards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain import commands as c
from opstui.domain.model import Doc, Refused, clean_line
from opstui.i18n import _, ngettext
from opstui.projections.marked import in_order, marked, told
from opstui.store.protocol import StoreError
from opstui.ui.rows import Row, one_row
from opstui.ui.session import Plan
from opstui.ui.tags import NOTHING, read_tags
from opstui.ui.verbs import NAMES, Host, Verbs

if TYPE_CHECKING:
    from opstui.domain.boards import Stage
    from opstui.ui.desk import Desk
    from opstui.ui.screens.form import Save
    from opstui.ui.session import Session
    from opstui.ui.widgets.marking import Marking

MANY = 200
"""Cards from which it is told that they are being worked on."""
Wish = Callable[[Doc], "c.CardCommand | str | None"]
"""The command for one card; or the reason why there is none; or nothing, where nothing has to change."""


class Outcome(Struct, frozen=True):
    """What came of a bulk action: the words told, the cards that were changed, and (card, reason) of the others."""

    told: str = ""
    done: tuple[int, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()


class BulkHost(Host, Protocol):
    """The screen with the marked cards."""

    desk: Desk

    @property
    def board(self) -> Marking:
        """The board, with its marks."""


class Bulk:
    """The verbs of the marked cards of one screen."""

    def __init__(self, session: Session, host: BulkHost, verbs: Verbs) -> None:
        """Nothing was done yet."""
        self._session, self._host, self._verbs = session, host, verbs
        self._state = session.workspace.state
        self.last = Outcome()
        self._standing: tuple[object, str] = (None, "")

    def standing(self) -> str:
        """The marks in words: 3 selected · Rp 1,2 jt."""
        board, desk = self._host.board, self._host.desk
        key = (board.marks, self._session.workspace.store.seq, desk.board.id, desk.query)
        if key != self._standing[0]:
            found = marked(self._state, board.view, board.selection) if board.view and board.selection else None
            self._standing = key, told(found, desk.formats) if found else ""
        return self._standing[1]

    def settle(self) -> None:
        """State has changed: cards that are no longer on the board lose their mark."""
        if self._host.board.selection:
            board = self._host.desk.board.id
            lanes = [self._state.lane(board, stage) for stage in self._state.stages(board)]
            self._host.board.keep_marks(set().union(*lanes))

    def instead(self, name: str, said: str) -> str:
        """The command that a key means right after it was told that cards were refused: `enter` says why."""
        return "result" if name == "open" and self.last.refused and said == self.last.told else name

    # ------------------------------------------------------------------ moving

    async def stage(self, by: int) -> None:
        """Each card a stage on (`by` 1) or back (-1)."""
        board = self._host.desk.board
        side = _("it is in the last stage on that side")
        said = _("moved {cards} a stage on") if by > 0 else _("moved {cards} a stage back")

        def wish(doc: Doc) -> c.CardCommand | str | None:
            stage = board.beside(doc["stage"], by)
            return c.MoveCard(card=doc["id"], stage=stage.id) if stage else side

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
        above = None if before in self._host.board.selection else before

        def wish(doc: Doc) -> c.CardCommand | str | None:
            there = doc["stage"] == stage.id
            return None if there else c.MoveCard(card=doc["id"], stage=stage.id, before=above)

        name = stage.name.replace("{", "{{").replace("}", "}}")
        said = _("moved {cards} to {stage}").format(cards="{cards}", stage=name)
        await self._tell(await self._try(wish, said, self._clearing(0) if above is None else list))

    def _clearing(self, by: int) -> Callable[[list[c.CardCommand]], list[c.CardCommand]]:
        """Moves in the order in which they do not stand in each other's way.

        What goes on is moved from the far end, so that it makes room for the cards behind; what goes on top of a
        stage, last card first, so that the cards keep their order there.
        """
        board = self._host.desk.board
        place = {stage.id: n for n, stage in enumerate(board.stages)}
        tops = {stage.id for stage in board.stages if stage.category in ("done", "dropped")}

        def ordered(moves: list[c.CardCommand]) -> list[c.CardCommand]:
            rows = [(-by * place.get(getattr(m, "stage", ""), 0), m) for m in moves]
            top = [row for row in rows if getattr(row[1], "stage", "") in tops]
            rest = [row for row in rows if getattr(row[1], "stage", "") not in tops]
            return [move for _at, move in sorted([*reversed(top), *rest], key=lambda row: row[0])]

        return ordered

    # ------------------------------------------------------------------ fields

    async def assign(self) -> None:
        """Who does them."""
        note = "   ".join(self._verbs.members()[:NAMES])
        hint = _("a name, or {nothing} for nobody").format(nothing=NOTHING)
        await self._field("owner", _("Who does {cards}?"), _("assigned {cards}"), hint, note)

    async def due(self) -> None:
        """By when."""
        hint = _("fri, +3d, 12 may, or {nothing} for no date").format(nothing=NOTHING)
        await self._field("due", _("When are {cards} due?"), _("changed the due day of {cards}"), hint)

    async def priority(self) -> None:
        """How urgent they are."""
        await self._field("priority", _("Priority of {cards}"), _("changed the priority of {cards}"), "")

    async def _field(self, name: str, title: str, said: str, hint: str, note: str = "") -> None:
        plain = self._row(name, hint)

        def read(text: str) -> Any:
            return plain.read("" if text.strip() == NOTHING else text)

        def echo(text: str) -> str:
            return _("nothing") if text.strip() == NOTHING else plain.echo(text)

        row = replace(plain, read=read, echo=echo)

        async def save(values: dict[str, Any]) -> str:
            return await self._try(lambda doc: c.EditCard(card=doc["id"], values={name: values[name]}), said)

        await self._form(title, [row], save, note)

    async def tags(self) -> None:
        """Tags: set them, or add and take away."""
        row = replace(self._row("tags", _("+vip -old, or: wholesale, repeat")), read=read_tags, echo=lambda _text: "")
        note = _("+tag adds, -tag takes away; without signs all are set anew; {nothing} for none").format(
            nothing=NOTHING
        )

        async def save(values: dict[str, Any]) -> str:
            change = values["tags"]

            def wish(doc: Doc) -> c.CardCommand | str | None:
                seen = doc.get("tags") or []
                base = {"tags": doc.get("tags")} if change.relative else {}
                return c.EditCard(card=doc["id"], values={"tags": change(seen)}, base=base)

            return await self._try(wish, _("tagged {cards}"))

        await self._form(_("Tags of {cards}"), [row], save, note)

    def _row(self, name: str, hint: str) -> Row:
        row = one_row(self._host.desk.board.kind, name, {}, self._verbs.here({}), self._verbs.members())
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

            return await self._try(wish, _("blocked {cards}"))

        await self._form(_("Why can {cards} not go on?"), rows, save)

    async def archive(self) -> None:
        """Put them away."""
        await self._tell(await self._try(lambda doc: c.ArchiveCard(card=doc["id"]), _("archived {cards}")))

    # ------------------------------------------------------------------ doing

    def _cards(self) -> list[int]:
        return in_order(self._host.board.view, self._host.board.selection)

    async def _try(
        self, wish: Wish, said: str, order: Callable[[list[c.CardCommand]], list[c.CardCommand]] = list
    ) -> str:
        """Do it to each marked card; gives the reason when it was done to none. `said` takes the `cards`."""
        cards = self._cards()
        refused: list[tuple[int, str]] = []

        def build() -> Plan:
            asked = [(card, wish(doc)) for card in cards if (doc := self._state.get("cards", card))]
            refused[:] = [(card, why) for card, why in asked if isinstance(why, str)]
            planned = [command for _card, command in asked if command is not None and not isinstance(command, str)]
            return Plan(tuple(order(planned)), "", lambda n: said.format(cards=_count(n)))

        if len(cards) > MANY:
            self._host.say(_("{cards} ...").format(cards=_count(len(cards))), "working")
        here = self._host.board.cursor_card
        try:
            receipt, done = await self._session.submit_each(build)
        except (Refused, StoreError) as no:
            self._host.settled(None)
            return str(no)
        self._host.settled(here if here in receipt.changed else None)
        return self._told(done, receipt.changed, (*refused, *receipt.refused), receipt.warnings)

    def _told(
        self, said: str, done: tuple[int, ...], refused: tuple[tuple[int, str], ...], warnings: Iterable[str]
    ) -> str:
        """Tell what was done; gives the reason when nothing was."""
        if refused:
            self._host.board.mark(card for card, _why in refused)
        if not done:
            return self._none(refused)
        parts = [said, *warnings]
        if refused:
            parts.append(_("{n} of {all} refused: enter says why").format(n=len(refused), all=len(refused) + len(done)))
        text = _("{done} · u undo").format(done=" · ".join(parts))
        self.last = Outcome(text, done, refused)
        self._host.say(text, "warning" if refused or len(parts) > 1 else "done")
        return ""

    def _none(self, refused: tuple[tuple[int, str], ...]) -> str:
        if not refused:
            self._host.say(_("nothing to change"))
            return ""
        reason = refused[0][1]
        if len(refused) > 1:
            reason = _("none of {cards}: {reason}").format(cards=_count(len(refused)), reason=reason)
        self.last = Outcome(reason, (), refused)
        return reason

    async def _tell(self, reason: str) -> None:
        if reason and reason == self.last.told and len(self.last.refused) > 1:
            reason = _("{reason} · enter says why").format(reason=reason)
            self.last = replace(self.last, told=reason)
        if reason:
            self._host.say(reason, "refused")

    async def _form(self, title: str, rows: list[Row], save: Save, note: str = "") -> None:
        from opstui.ui.screens.form import Form  # noqa: PLC0415 - not needed for the first picture

        cards = _count(len(self._host.board.selection))
        await self._host.ask(Form(title.format(cards=cards), rows, save, note))


def _count(n: int) -> str:
    return ngettext("{n} card", "{n} cards", n)
