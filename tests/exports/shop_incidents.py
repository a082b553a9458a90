"""Two incidents of the sample shop: orders that waited for coffee that was out, and what their customers said.

Run as a program it prints the post-mortem of one (`order` or `feedback`) in a number style (`id` or `en`).
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from opstui.demo import build_demo
from opstui.domain.commands import (
    AddPart,
    Command,
    DraftPostmortem,
    LinkCards,
    MarkCard,
    WriteSection,
)
from opstui.domain.model import Actor, Doc
from opstui.exports.postmortem import facts_of, render_postmortem
from opstui.exports.style import STYLES
from opstui.workspace import Workspace

ZONE = ZoneInfo("Asia/Jakarta")
NOON = datetime(2026, 9, 21, 12, 0, tzinfo=ZONE)
ORDERS = ("KL-036", "KL-034", "KL-037", "KL-039", "KL-040")
VOICES = ("SR-25", "SR-22", "SR-23", "SR-27", "SR-24")


class Shop:
    """The demo at noon of a day, with both incidents in it."""

    def __init__(self, folder: Path) -> None:
        """Build it and tell what was marked and written."""
        self.at = NOON
        self.workspace = build_demo(folder / "kopi", now=self._clock)
        self.order = self._orders()
        self.feedback = self._voices()

    def _clock(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def card(self, key: str) -> int:
        """A card of the sample."""
        found = self.workspace.state.find_external("sample", key)
        assert found is not None
        return found

    def do(self, *commands: Command, by: str = "budi") -> None:
        """Ask as one of the shop's people."""
        self.workspace.submit(Actor(by, "owner"), *commands)

    def _marks(self, card: int, *rows: tuple[str, int, int, str, str]) -> None:
        for mark, day, minute, by, note in rows:
            at = datetime(2026, 9, day, minute // 60, minute % 60, tzinfo=ZONE).astimezone(UTC)
            self.do(MarkCard(card=card, mark=mark, at=at.isoformat(), note=note), by=by)

    def _begin(self, card: int, severity: str) -> tuple[int, Doc]:
        self.do(DraftPostmortem(card=card, severity=severity))
        return next((n, doc) for n, doc in self.workspace.state.items("postmortems") if doc["card"] == card)

    def _orders(self) -> Doc:
        first, *others = map(self.card, ORDERS)
        self.do(*(LinkCards(card=first, other=other, relation="relates") for other in others))
        self._marks(
            first,
            ("started", 15, 10 * 60, "budi", "Gayo habis di gudang"),
            ("detected", 15, 10 * 60 + 42, "dewi", "Pelanggan tanya kenapa iklan masih jalan, 0812 3456 7890"),
            ("acknowledged", 15, 10 * 60 + 50, "budi", ""),
            ("escalation", 15, 11 * 60, "budi", "ke Rina, pemasok"),
            ("message", 15, 12 * 60 + 40, "dewi", "semua pelanggan yang menunggu"),
            ("mitigated", 16, 9 * 60, "budi", "20 kg dari gudang kedua"),
        )
        number, _doc = self._begin(first, "SEV2")
        whys = "1. Kenapa telat? Stok Gayo habis.\n2. Kenapa habis? budi tidak sempat.\n\nTidak ada syarat stok."
        self.do(
            WriteSection(postmortem=number, section="whys", text=whys),
            WriteSection(postmortem=number, section="lucky", text="Pemasok punya 20 kg | siap kirim"),
            AddPart(postmortem=number, sort="factor", values={"text": "Stok tidak dihitung", "category": "process"}),
        )
        return self._begin(first, "SEV1")[1]

    def _voices(self) -> Doc:
        first, *others = map(self.card, VOICES)
        self.do(*(LinkCards(card=first, other=other, relation="relates") for other in others), by="dewi")
        self._marks(
            first,
            ("detected", 15, 14 * 60, "dewi", "tiga keluhan stok dalam sehari"),
            ("acknowledged", 15, 13 * 60, "rina", ""),
        )
        return self._begin(first, "")[1]


def render(shop: Workspace, postmortem: Doc, locale: str) -> str:
    """The document in a number style."""
    return render_postmortem(facts_of(shop, postmortem), STYLES[locale])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        told = Shop(Path(scratch))
        which, style = sys.argv[1:3]
        sys.stdout.buffer.write(render(told.workspace, getattr(told, which), style).encode())
