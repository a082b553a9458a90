"""A shop made up for looking at widgets and for testing them: a few hundred cards, always the same ones."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from textual.app import App, ComposeResult

from builders import Tables, board_of, card_doc
from opstui.domain.model import card_from, plain
from opstui.formats import Formats
from opstui.projections.board import BoardView, Face, board_view, face
from opstui.ui.themes import load_themes, variable_defaults
from opstui.ui.widgets.board import Board

NOW = datetime(2026, 9, 21, 7, 7, tzinfo=UTC)
TODAY = date(2026, 9, 21)
JAKARTA = Formats("id", "IDR", ZoneInfo("Asia/Jakarta"))
_WHO = ("Sari Wulandari", "Toko Damai", "Bu Ratna", "Andi K.", "Kafe Senja", "Yudi P.", "Hotel Matahari Bandung")
_WHAT = ("Gayo 250g", "House Blend 1 kg", "Toraja 250g", "Sampler box", "Kintamani 500g", "V60 starter kit")
_SAID = ("Parcel came open, half the beans gone", "Where is my order?", "Best Gayo so far", "Please offer 100 g bags")
_STAGES = {
    "orders": {"new": 6, "payment": 12, "stock": 5, "processing": 9, "shipping": 17, "closed": 60},
    "campaigns": {"brief": 2, "production": 3, "live": 3, "postmortem": 1, "archive": 4},
    "feedback": {"inbox": 9, "triage": 4, "planned": 3, "in_progress": 2, "closed": 20},
    "actions": {"todo": 3, "doing": 2},
}


def shop(times: int = 1, boards: dict[str, dict[str, int]] | None = None) -> Tables:
    """Boards full of cards; `times` as many as a small shop has."""
    rng = random.Random(7)
    cards = {}
    number = 0
    for board, stages in (boards or _STAGES).items():
        for stage, count in stages.items():
            for _n in range(count * times):
                number += 1
                created = NOW - timedelta(hours=rng.randint(3, 400))
                more = _PARTICULAR[board](rng)
                cards[number] = card_doc(number, board, stage, created=created, **_common(rng), **more)
    return Tables(cards=cards)


def _common(rng: random.Random) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if rng.random() < 0.8:
        fields["due"] = plain(TODAY + timedelta(days=rng.randint(-2, 9)))
    if rng.random() < 0.7:
        fields["owner"] = rng.choice(("rina", "budi", "dewi"))
    if rng.random() < 0.4:
        fields["tags"] = rng.sample(("vip", "wholesale", "repeat", "gift", "fragile"), rng.randint(1, 2))
    if rng.random() < 0.15:
        fields["blocker"] = {"reason": "no beans", "since": plain(NOW - timedelta(hours=50)), "waiting_on": "supplier"}
    if rng.random() < 0.1:
        fields["priority"] = rng.choice(("high", "urgent", "low"))
    return fields


def _order(rng: random.Random) -> dict[str, Any]:
    lines = [{"name": rng.choice(_WHAT), "quantity": rng.randint(1, 20)} for _n in range(rng.randint(1, 3))]
    return {
        "customer": rng.choice(_WHO),
        "channel": rng.choice(("shopee", "tokopedia", "whatsapp", "instagram")),
        "lines": lines,
        "total": rng.randint(19, 3200) * 5000,
        "currency": "IDR",
        "sensitive": rng.random() < 0.05,
    }


def _campaign(rng: random.Random) -> dict[str, Any]:
    start = TODAY + timedelta(days=rng.randint(-20, 20))
    return {
        "title": rng.choice(
            ("9.9 Flash sale", "WA broadcast to regulars", "Ramadan early bird", "Reels with Kafe Senja")
        ),
        "channels": rng.sample(("shopee", "meta", "tiktok", "whatsapp"), 2),
        "budget": rng.randint(2, 30) * 500_000,
        "currency": "IDR",
        "starts": plain(start),
        "ends": plain(start + timedelta(days=9)),
    }


def _feedback(rng: random.Random) -> dict[str, Any]:
    return {
        "title": rng.choice(_SAID),
        "customer": rng.choice(_WHO),
        "channel": rng.choice(("shopee", "whatsapp")),
        "sort": rng.choice(("complaint", "question", "praise", "idea")),
        "severity": rng.choice(("low", "normal", "normal", "high", "critical")),
        "score": rng.choice((None, 1, 4, 5)),
        "theme": rng.choice(("", "packaging", "slow delivery")),
    }


def _action(rng: random.Random) -> dict[str, Any]:
    return {
        "title": rng.choice(("Order thicker mailers", "Call the supplier weekly")),
        "done_when": "no complaint in 30 days",
    }


_PARTICULAR = {"orders": _order, "campaigns": _campaign, "feedback": _feedback, "actions": _action}


def face_of(tables: Tables, board: str, card: int) -> Face:
    """A card's face at NOW, as rina sees it."""
    doc = tables.get("cards", card)
    assert doc is not None
    return face(card_from(doc), board=board_of(board), today=TODAY, now=NOW, me="rina", formats=JAKARTA)


class BoardApp(App[None]):
    """Nothing but a board, with its keys."""

    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = "Board"
    BINDINGS: ClassVar = [
        ("j", "go(0,1)"),
        ("k", "go(0,-1)"),
        ("l", "go(1,0)"),
        ("h", "go(-1,0)"),
        ("g", "top"),
        ("G", "bottom"),
        ("space", "mark"),
        ("q", "quit"),
    ]

    def __init__(self, tables: Tables | None = None, board: str = "orders", theme: str = "dark", **more: Any) -> None:
        super().__init__(**more)
        for known in load_themes().themes:
            self.register_theme(known)
        self.theme = theme
        self.tables = tables or shop()
        self.shown = board
        self.said: list[Any] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults()

    def compose(self) -> ComposeResult:
        yield Board(JAKARTA)

    @property
    def board(self) -> Board:
        return self.query_one(Board)

    def view(self) -> BoardView:
        return board_view(self.tables, board_of(self.shown))

    def on_mount(self) -> None:
        self.board.show(self.view(), partial(face_of, self.tables, self.shown))

    def on_board_cursor_moved(self, message: Board.CursorMoved) -> None:
        self.said.append(message)

    def on_board_card_opened(self, message: Board.CardOpened) -> None:
        self.said.append(message)

    def on_board_card_dropped(self, message: Board.CardDropped) -> None:
        self.said.append(message)

    def action_go(self, dx: int, dy: int) -> None:
        self.board.move_cursor(dx, dy)

    def action_top(self) -> None:
        self.board.move_to_top()

    def action_bottom(self) -> None:
        self.board.move_to_bottom()

    def action_mark(self) -> None:
        self.board.toggle_mark()


if __name__ == "__main__":
    BoardApp().run()
