"""A campaign told by hand: Promo 9.9, approved late, with a faulty link on its second day. Run as a program it prints
its post-mortem, so that a test can do so under another locale, time zone and hash seed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from domain.world import World
from opstui.config import Settings
from opstui.domain.boards import DEFAULT_BOARDS, Board, Stage
from opstui.domain.commands import (
    AddComment,
    BlockCard,
    Command,
    DraftPostmortem,
    EditCard,
    LinkCards,
    MoveCard,
    UnblockCard,
    Undo,
)
from opstui.domain.model import Doc
from opstui.exports.postmortem import render_of

ROWS = (
    ("2026-09-09", "shopee ads", 2_000_000, 100_000, 2_000, 40, 8_000_000),
    ("2026-09-09", "tiktok", 900_000, 50_000, 1_000, 12, 2_000_000),
    ("2026-09-10", "shopee ads", 4_700_000, 150_000, 600, 20, 6_000_000),
    ("2026-09-11", "shopee ads", 2_600_000, 90_000, 2_900, 96, 12_760_000),
    ("2026-09-11", "tiktok", 0, 10, 20, 0, 0),
    ("2026-09-12", "shopee ads", 2_300_000, 90_000, 3_080, 120, 13_000_000),
)


def _board(board: Board) -> Board:
    """The default campaign board, whose approval should take 16 hours."""
    stages = tuple(
        Stage(id=s.id, name=s.name, category=s.category, wip=s.wip, expected_hours=16 if s.id == "approval" else None)
        for s in board.stages
    )
    return Board(id=board.id, name=board.name, kind=board.kind, prefix=board.prefix, stages=stages)


class FlashSale(World):
    """A world whose clock is set by hand, with the campaign in it: `campaign`, `postmortem` are document ids."""

    def __init__(self, locale: str = "id") -> None:
        """Tell everything that happened."""
        boards = tuple(_board(b) if b.id == "campaigns" else b for b in DEFAULT_BOARDS)
        super().__init__(Settings(locale=locale, boards=boards))
        self._prepare()
        self._run()
        self._look_back()

    def _clock(self) -> datetime:
        return self.at

    def on(self, day: int, hour: int, *commands: Command, by: str = "ani") -> int:
        """Something on that day of September, at that hour in Jakarta; the number of the batch."""
        self._at(day, hour)
        return self.do(*commands, by=by).batch or 0

    def _at(self, day: int, hour: int) -> None:
        self.at = datetime(2026, 9, day, hour, tzinfo=self.workspace.settings.zone).astimezone(UTC)

    def _new(self, day: int, hour: int, board: str, title: str, **fields: Any) -> int:
        self._at(day, hour)
        return self.card(board, title, by="dewi", **fields)

    def _prepare(self) -> None:
        self.campaign = card = self._new(
            1,
            9,
            "campaigns",
            "Promo 9.9 | *Flash* Sale!",
            objective="300 first orders by 12 September",
            audience="young parents, Bandung",
            message="free shipping",
            call_to_action="order now",
            sponsor="rina",
            owner="ani",
            channels=["shopee ads", "tiktok", "instagram"],
            budget=15_000_000,
            starts="2026-09-09",
            ends="2026-09-13",
            tags=["flash-sale"],
            targets=[
                {"metric": "cpa", "target": 40_000, "baseline": 46_000},
                {"metric": "roas", "target": 3.0, "baseline": 2.8},
                {"metric": "reach", "target": 100_000},
            ],
        )
        self.on(1, 10, MoveCard(card=card, stage="production"))
        self.on(2, 11, MoveCard(card=card, stage="approval"))
        self.on(3, 9, MoveCard(card=card, stage="production"), by="rina")
        slip = self.on(3, 10, MoveCard(card=card, stage="live"))
        self.on(3, 10, Undo(batch=slip))
        self.on(3, 15, MoveCard(card=card, stage="approval"))
        self.on(4, 9, BlockCard(card=card, reason="no budget code", waiting_on="finance"))
        self.on(6, 9, UnblockCard(card=card), by="rina")
        self.on(7, 16, MoveCard(card=card, stage="scheduled"), by="rina")
        self.on(8, 9, EditCard(card=card, values={"message": "free shipping, 20 % voucher"}))

    def _run(self) -> None:
        card = self.campaign
        self.on(9, 0, MoveCard(card=card, stage="live"), by="budi")
        self.on(10, 9, AddComment(card=card, text="The link is dead! call 0812 3456 7890\n\n| a | b |\n# <script>"))
        feedback = (
            (5, "question", 5, "Kapan promonya?"),
            (10, "complaint", 1, "Link mati, Siti Rahmawati kecewa"),
            (11, "complaint", 4, "Voucher"),
            (14, "praise", 5, "Mantap"),
        )
        for day, sort, score, title in feedback:
            customer = "Siti Rahmawati"
            said = self._new(day, 10, "feedback", title, sort=sort, score=score, customer=customer)
            self.on(day, 11, LinkCards(card=said, other=card, relation="about"), by="dewi")
        self._figures()

    def _figures(self) -> None:
        def write(tx: Any) -> None:
            for number, (day, channel, spend, impressions, clicks, conversions, revenue) in enumerate(ROWS, 1):
                row: Doc = {"card": self.campaign, "day": day, "channel": channel, "currency": "IDR", "spend": spend}
                row |= {"impressions": impressions, "clicks": clicks, "conversions": conversions, "revenue": revenue}
                tx.put("metrics", number, row)
            tx.put("metrics", 99, {**row, "day": "2026-09-10", "currency": "USD", "spend": 100})

        self.workspace.store.transact(write, at=self.at, by="ani", via="import")

    def _look_back(self) -> None:
        self.on(14, 9, MoveCard(card=self.campaign, stage="postmortem"))
        self.on(14, 10, DraftPostmortem(card=self.campaign))
        self.postmortem = next(doc for _id, doc in self.workspace.state.items("postmortems"))
        ref = self.postmortem["ref"]
        self._new(
            14, 11, "actions", "Add a link check | to the checklist", postmortem=ref, owner="budi", due="2026-09-21",
            type="prevent", done_when="checklist v5 is live", priority="high",
        )  # fmt: skip
        done = self._new(14, 11, "actions", "Alert when CTR halves", postmortem=ref, owner="ani", type="detect")
        self.on(15, 9, MoveCard(card=done, stage="done"))


if __name__ == "__main__":
    told = FlashSale()
    sys.stdout.buffer.write(render_of(told.workspace, told.postmortem).encode())
