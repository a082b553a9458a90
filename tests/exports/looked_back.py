"""Promo 9.9 again, as a shop that learns tells it: a test and what led to orders, marks and stars, what people wrote,
an earlier post-mortem with the same factor. Run as a program it prints the post-mortem.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from exports.flash_sale import FlashSale
from opstui.domain import postmortems
from opstui.domain.commands import (
    AddPart,
    DraftPostmortem,
    EditCard,
    MarkCard,
    MoveCard,
    PublishPostmortem,
    StarEvent,
    WriteSection,
)
from opstui.exports.postmortem import render_of

FACTOR = "Link check missing | from the *checklist*"
NASTY = "# x | <b> [a](javascript:x) ${y} :tada: `z`\n\n---\n| a | b |"
EXPERIMENTS = [
    {
        "name": "Voucher", "metric": "orders", "planned": 5000, "starts": "2026-09-01", "ends": "2026-09-07",
        "arms": [
            {"label": "free shipping", "people": 5000, "hits": 250},
            {"label": "voucher", "people": 5000, "hits": 305},
        ],
    },
    {
        "name": "Picture", "planned": 8000, "starts": "2026-09-09", "ends": "2026-09-30",
        "arms": [{"label": "old", "people": 900, "hits": 20}, {"label": "new", "people": 905, "hits": 99}],
    },
]  # fmt: skip
TOUCHES = (
    (9, 300_000, ("tiktok", "Shopee Ads")),
    (10, 500_000, ("shopee ads",)),
    (11, 200_000, ()),
)


class LookedBack(FlashSale):
    """The flash sale with everything that a post-mortem may hold."""

    def _prepare(self) -> None:
        self.old = self._earlier(datetime(2025, 11, 20, 3, tzinfo=UTC), "11.11 | Sale", "No stock of the voucher")
        self.recent = self._earlier(datetime(2026, 5, 10, 3, tzinfo=UTC), "5.5 Sale", FACTOR.upper())
        known = self.card("actions", "Click every link", by="ani", tags=["Flash-Sale"], owner="budi")
        self.known = self.doc(known)["ref"]
        self.card("actions", "Buy paper", by="ani", tags=["office"])
        super()._prepare()
        self.do(EditCard(card=self.campaign, values={"experiments": EXPERIMENTS}), by="ani")

    def _earlier(self, at: datetime, title: str, factor: str) -> int:
        """A campaign of before, with what it was put down to and an action that is still open."""
        self.at = at
        card = self.card("campaigns", title, by="ani", tags=["flash-sale"])
        self.do(MoveCard(card=card, stage="postmortem"), by="ani")
        number, doc = self._of(card)
        self.do(AddPart(postmortem=number, sort="factor", values={"text": factor}), by="ani")
        self.card("actions", f"Learn from {title}", by="ani", postmortem=doc["ref"])
        return card

    def _of(self, card: int) -> tuple[int, dict[str, Any]]:
        found = postmortems.of_card(self.workspace.state, card)
        assert found is not None
        return found

    def _run(self) -> None:
        super()._run()
        for day, total, channels in TOUCHES:
            touches = [{"channel": name} for name in channels]
            self._new(day, 12, "orders", "An order", customer="Budi S.", total=total, touches=touches)
        comment = next(
            batch.n
            for batch in self.workspace.events_of({self.campaign})
            if any(event.kind == "commented" for event in batch.events)
        )
        self.on(11, 18, StarEvent(card=self.campaign, batch=comment))
        marks = ((2, "anomaly", "CTR 0.4 %, call 0812 3456 7890"), (4, "rollback", ""), (5, "message", NASTY))
        for hour, mark, note in marks:
            at = datetime(2026, 9, 10, hour, 40, tzinfo=UTC).isoformat()
            self.on(11, 19, MarkCard(card=self.campaign, mark=mark, at=at, note=note), by="budi")

    def _look_back(self) -> None:
        super()._look_back()
        self.number, self.postmortem = self._of(self.campaign)
        self.on(15, 10, DraftPostmortem(card=self.campaign, severity="SEV2"), *self._words(), *self._parts())
        self.on(15, 11, PublishPostmortem(postmortem=self.number), by="rina")
        late = {"text": "Ask the courier for a second slot", "owner": "dewi", "priority": "P3"}
        self.on(15, 12, AddPart(postmortem=self.number, sort="action", values=late))
        self.number, self.postmortem = self._of(self.campaign)

    def _words(self) -> list[WriteSection]:
        told = {
            "background": "The brief came late.\n" + NASTY,
            "decision": "Take the backup asset | at once",
            "worked": "- backup asset was ready\n- voucher",
            "not_worked": "nobody clicked the final link",
            "lucky": "it was a quiet morning",
            "questions": "1. who owns the link?\n2. why so late?",
        }
        pm = self.number
        return [
            *(WriteSection(postmortem=pm, section=name, text=text) for name, text in told.items()),
            WriteSection(postmortem=pm, section="summary", text="", sure=True),
        ]

    def _parts(self) -> list[AddPart]:
        rows: list[tuple[str, dict[str, Any]]] = [
            ("factor", {"text": FACTOR, "category": "process", "evidence": "EV-8702", "removable": True}),
            ("factor", {"text": "One person knew", "category": "skill", "removable": False}),
            (
                "lesson",
                {
                    "text": "Use the voucher | as baseline", "keep": "keep", "check": "every link was clicked",
                    "applies": ["flash-sale"], "baseline": "CVR 3.2 %", "until": "2027-03-31",
                },
            ),
            ("lesson", {"text": "Stop banners", "keep": "stop"}),
            (
                "action",
                {
                    "text": "Rule: alert when | CTR halves", "type": "detect", "priority": "P1", "owner": "ani",
                    "due": "2026-09-28", "done_when": "rule R-14 enabled",
                },
            ),
        ]  # fmt: skip
        return [AddPart(postmortem=self.number, sort=sort, values=values) for sort, values in rows]


if __name__ == "__main__":
    told = LookedBack()
    sys.stdout.buffer.write(render_of(told.workspace, told.postmortem).encode())
