"""The whole picture without a workspace: header, board, numbers and hints around the made-up shop."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Resize

from opstui.domain.model import Money
from opstui.projections.pane import CampaignLine, FlowLines, SlowestLine
from opstui.projections.tiles import Tile
from opstui.ui.widgets.board import Board
from opstui.ui.widgets.header import Header
from opstui.ui.widgets.hint import Hint
from opstui.ui.widgets.kpi_pane import KpiPane
from opstui.ui.widgets.kpi_strip import KpiStrip
from ui.shop import JAKARTA, BoardApp

TILES = (
    Tile(
        id="orders_in",
        label="Orders in",
        value=18,
        unit="cards",
        board="orders",
        query="created:today",
        change=2,
        spark=(3, 9, 4, 11, 6, 15, 18),
    ),
    Tile(
        id="done_today",
        label="Done",
        value=11,
        unit="cards",
        board="orders",
        query="done:today",
        change=-2,
        spark=(8, 8, 9, 5, 10, 7, 11),
    ),
    Tile(
        id="delayed",
        label="Delayed",
        value=7,
        unit="cards",
        board="orders",
        query="is:late",
        change=3,
        better="down",
        target=3,
        state="bad",
        spark=(1, 1, 2, 2, 3, 5, 7),
    ),
    Tile(
        id="critical_stock",
        label="Critical stock",
        value=3,
        unit="skus",
        board="orders",
        query="sku:A",
        better="down",
        state="warn",
        note="SKU-12 SKU-31 SKU-40",
        spark=(1, 1, 1, 2, 2, 3, 3),
    ),
    Tile(
        id="open_tickets",
        label="Open tickets",
        value=14,
        unit="cards",
        board="feedback",
        query="is:open",
        change=-4,
        better="down",
        spark=(18, 17, 15, 15, 14, 14, 14),
    ),
    Tile(
        id="main_channel",
        label="Shopee",
        value=Money(3_100_000, "IDR"),
        unit="money",
        board="orders",
        query="channel:shopee",
        change=0.08,
        spark=(3, 4, 4, 5, 5, 6, 6),
    ),
)
FLOW = FlowLines(
    lead_p50=50.4,
    lead_p85=110.4,
    done=40,
    on_time=0.91,
    on_time_target=0.95,
    on_time_state="warn",
    promised=44,
    slowest=SlowestLine(
        stage="stock",
        name="Stock",
        share=0.4,
        touched=30,
        proven=False,
        cards=5,
        sums=(Money(2_200_000, "IDR"),),
        sop="stock check",
        board="orders",
        query="stage:stock",
        signs=("growing",),
        touched_query="board:orders was:stock@2026-08-23..2026-09-21",
    ),
    board="orders",
    name="Orders",
    done_query="board:orders done:30d",
    promised_query="board:orders due:2026-08-23..2026-09-20 -is:dropped",
)
CAMPAIGNS = (
    CampaignLine(
        card=1,
        ref="CMP-0001",
        title="9.9 Flash sale",
        spend=Money(12_500_000, "IDR"),
        budget=Money(15_000_000, "IDR"),
        roas=3.3,
        ctr_fell=True,
        board="campaigns",
    ),
    CampaignLine(
        card=2,
        ref="CMP-0002",
        title="WA broadcast",
        spend=Money(1_100_000, "IDR"),
        budget=Money(2_000_000, "IDR"),
        roas=5.1,
        ctr_fell=False,
        board="campaigns",
    ),
)
KEYS = [
    ("H/L", "move"),
    ("enter", "open"),
    ("n", "new"),
    ("/", "filter"),
    ("a", "assign"),
    ("d", "due"),
    ("c", "comment"),
    ("u", 'undo "moved ORD-0298"'),
    ("?", "help"),
    ("q", "quit"),
]
NAMES = ("orders", "campaigns", "feedback", "actions")


class ConsoleApp(BoardApp):
    """The board with everything around it."""

    CSS = """
    #main { height: 1fr; }
    KpiStrip { display: none; }
    .-narrow KpiPane { display: none; }
    .-narrow KpiStrip { display: block; }
    """

    def compose(self) -> ComposeResult:
        yield Header()
        with Horizontal(id="main"):
            yield Board(JAKARTA)
            yield KpiPane(JAKARTA)
        yield KpiStrip(JAKARTA)
        yield Hint()

    def on_resize(self, event: Resize) -> None:
        self.screen.set_class(event.size.width < 120, "-narrow")

    def on_mount(self) -> None:
        super().on_mount()
        tabs = [("Orders", 46), ("Campaigns", 8), ("Feedback", 23), ("Actions", 5)]
        self.query_one(Header).show("Kopi Lereng", tabs, NAMES.index(self.shown), "rina · ops lead", "Mon 14:07")
        self.query_one(Hint).show(KEYS)
        self.query_one(KpiPane).show(TILES, FLOW, CAMPAIGNS)
        self.query_one(KpiStrip).show(TILES)


if __name__ == "__main__":
    ConsoleApp().run()


def console(**more: Any) -> ConsoleApp:
    """A console to look at."""
    return ConsoleApp(**more)
