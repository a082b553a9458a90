"""The verbs that put a card elsewhere: another stage, another place in its lane, the archive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from opstui.domain import commands as c
from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.ui.attempts import Attempts
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from opstui.domain.boards import Board, Stage


def no_further(board: Board, at: str, by: int) -> str:
    """Why there is no stage to the right (`by` 1) or left (-1) of the one with the id `at`."""
    stage = board.stage(at)
    name = stage.name if stage else at
    if board.category(at) == "dropped":
        return _("{stage} ends the way; M moves it to any stage").format(stage=name)
    text = _("{stage} is the last stage") if by > 0 else _("{stage} is the first stage")
    return text.format(stage=name)


class Moving(Attempts):
    """Moves a card."""

    async def stage(self, card: int, by: int) -> None:
        """Move the card a stage on (`by` 1) or back (-1)."""
        await self._move(
            card, lambda board, stage: board.beside(stage, by), lambda board, at: no_further(board, at, by)
        )

    async def dismiss(self, card: int) -> None:
        """Cancel, stop or decline: into the board's dropped stage."""
        await self._move(
            card, lambda board, _stage: board.dropped, lambda _board, _at: _("this board has no stage to be dropped in")
        )

    async def _move(
        self, card: int, target: Callable[[Board, str], Stage | None], why: Callable[[Board, str], str]
    ) -> None:
        def build() -> Plan:
            doc = self._doc(card)
            board, at = self._board(doc), doc["stage"]
            stage = target(board, at)
            if stage is None:
                raise Refused(_("{ref}: {why}").format(ref=doc["ref"], why=why(board, at)))
            said = _("moved {ref} to {stage}").format(ref=doc["ref"], stage=stage.name)
            return Plan((c.MoveCard(card=card, stage=stage.id, seen_in=at),), said)

        await self._do(build, card)

    async def drop(self, card: int, stage: str, before: int | None, values: dict[str, Any] | None = None) -> None:
        """Put the card into a stage, above another card: what the mouse does. `values` are set with it, if any."""

        def build() -> Plan:
            doc = self._doc(card)
            found = self._board(doc).stage(stage)
            said = _("moved {ref} to {stage}").format(ref=doc["ref"], stage=found.name if found else stage)
            if stage == doc["stage"]:
                said = _("moved {ref} in its lane").format(ref=doc["ref"])
            move = c.MoveCard(card=card, stage=stage, before=before if before != card else None, seen_in=doc["stage"])
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
            return Plan((c.MoveCard(card=upper, stage=doc["stage"], before=lower, seen_in=doc["stage"]),), said)

        await self._do(build, card)

    async def archive(self, card: int) -> None:
        """Put it away."""
        said = _("archived {ref}").format(ref=self._doc(card)["ref"])
        await self._do(lambda: Plan((c.ArchiveCard(card=card),), said), card)
