"""A board, a campaign and a day as Markdown: lawful, masked, the same bytes each time."""

from __future__ import annotations

from datetime import date

import pytest

from domain.world import World
from exports.flash_sale import FlashSale
from exports.test_lessons import EVIL, Shop, lawful
from opstui.domain.commands import ArchiveCard, BlockCard, EditCard, MoveCard
from opstui.domain.model import Refused
from opstui.exports.briefing import MOST, board, recap, status

DAY = date(2026, 9, 7)


def rows_of(text: str, title: str) -> list[str]:
    part = text.split(f"## {title}\n")[1].split("\n## ", maxsplit=1)[0]
    return [line for line in part.splitlines() if line.startswith("| ")][2:]


def test_a_board_lists_what_is_open_and_counts_the_rest() -> None:
    world = World()
    first = world.card("orders", title=EVIL, customer="Siti Rahmawati", due="2026-09-01")
    world.do(BlockCard(card=first, reason="asks Siti Rahmawati", waiting_on="x"))
    world.do(MoveCard(card=world.card("orders", title="over"), stage="closed"))
    known = world.workspace.settings.board("orders")
    assert known is not None
    text = board(world.workspace, known, world.at)
    lawful(text)
    (row,) = rows_of(text, "Open cards")
    assert "late, blocked: asks S\\*\\*\\* R\\*\\*\\*" in row
    assert "| New | 1 | n/a | 1 |" in rows_of(text, "Stages")
    assert text == board(world.workspace, known, world.at)


def test_a_long_table_says_that_it_is_cut() -> None:
    world = World()
    for number in range(MOST + 2):
        world.card("orders", title=f"n{number}")
    text = recap(world.workspace, DAY)
    lawful(text)
    assert len(rows_of(text, "New")) == MOST
    assert "2 more rows are not shown." in text


def test_the_status_of_a_campaign() -> None:
    sale = FlashSale("en")
    text = status(sale.workspace, sale.campaign)
    titles = lawful(text)
    assert titles[1:] == ["Now", "Target against actual", "Checklist", "Open actions", "What happened last"]
    assert "| Budget | Rp 15,000,000 |" in text
    assert "| CPA | 40,000 |" in text
    assert "The link is dead" not in text
    assert "| Spent | Rp 12,500,000 |" in text
    assert text == status(sale.workspace, sale.campaign)
    hostile = Shop()
    lawful(status(hostile.workspace, hostile.campaign).replace("Siti Rahmawati", ""))
    order = sale.card("orders")
    with pytest.raises(Refused, match="no campaign"):
        status(sale.workspace, order)


def test_the_recap_of_a_day() -> None:
    world = World()
    done, late, waits, put_away = (world.card("orders", title=name) for name in ("done", "late", "waits", "away"))
    world.do(
        MoveCard(card=done, stage="closed"),
        EditCard(card=late, values={"due": "2026-09-06"}),
        BlockCard(card=waits, reason="no stock", waiting_on=""),
        EditCard(card=put_away, values={"due": "2026-09-06"}),
    )
    world.do(ArchiveCard(card=put_away))
    campaign = world.card("campaigns", title="ask", owner="rina")
    world.do(MoveCard(card=campaign, stage="approval"))
    text = recap(world.workspace, DAY)
    lawful(text)
    assert [len(rows_of(text, title)) for title in ("Done", "New", "Late", "Blocked")] == [1, 5, 1, 1]
    assert [row.split(" | ")[2] for row in rows_of(text, "Needs a decision")] == [
        "late, of nobody |",
        "waits for approval |",
    ]
    assert recap(world.workspace, date(2026, 9, 8)).count("| Orders | ORD-0001") == 0


def test_spend_is_never_added_across_currencies() -> None:
    sale = FlashSale("en")
    rows = rows_of(recap(sale.workspace, date(2026, 9, 9)), "Campaign spend")
    assert [row.rsplit(" | ", 1)[1] for row in rows] == ["Rp 2,900,000 |"]
    assert "None." in recap(World().workspace, DAY)
