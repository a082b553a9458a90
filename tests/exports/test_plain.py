"""Text for pipes: aligned, at most 100 cells wide, nothing hostile."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from exports.flash_sale import FlashSale
from opstui.domain.boards import Board
from opstui.domain.commands import AddCheck, AddComment, BlockCard
from opstui.domain.model import Doc, Money
from opstui.exports import plain
from opstui.exports.columns import WIDTH, columns, cut, fit, width
from opstui.projections.kpis import Metric
from opstui.projections.tiles import Tile
from opstui.projections.timeline import card_events

NASTY = "\x1b[31m[bold]日本語\u202e kopi\u0301 \U0001f600" * 9
NOW = datetime(2026, 9, 16, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> FlashSale:
    made = FlashSale("en")
    said = {"customer": NASTY, "channel": NASTY, "description": NASTY}
    nasty = made.card("orders", NASTY, owner="budi", total=1_900_000, due="2026-09-14", **said)
    made.do(BlockCard(card=nasty, reason=NASTY, waiting_on=NASTY))
    made.do(AddCheck(card=nasty, text=NASTY))
    made.do(AddComment(card=nasty, text=f"{NASTY}\n\n\n{NASTY}"))
    return made


def lanes(world: FlashSale, board: Board) -> list[tuple[object, list[Doc]]]:
    state = world.workspace.state
    return [(s, [state.get("cards", i) or {} for i in state.lane(board.id, s.id)]) for s in board.stages]


def safe(text: str) -> None:
    """No control character, no line too wide, no blank at its end."""
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    for line in text.split("\n"):
        assert width(line) <= WIDTH, line
        assert line == line.rstrip()


@pytest.mark.parametrize(
    ("text", "cells"),
    [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0), ("\U0001f600", 2), ("ｱ", 1), ("Ａ", 2)],
)
def test_width(text: str, cells: int) -> None:
    assert width(text) == cells


@given(st.text(), st.integers(0, 20))
def test_cut_and_fit_keep_to_their_cells(text: str, cells: int) -> None:
    assert width(cut(text, cells)) <= cells
    assert width(fit(text, cells)) == cells
    assert width(fit(text, cells, right=True)) == cells


def test_columns() -> None:
    rows = [["a", "日本", "", "1"], ["bb", "x" * 50, "", "200"]]
    assert columns(rows, "lllr", 20, flexible=1) == ["a   日本           1", f"bb  {'x' * 10}…  200"]
    assert columns([], "l") == []


def test_a_board(world: FlashSale) -> None:
    board = world.workspace.settings.boards[0]
    text = plain.board(board, lanes(world, board), world.workspace.settings, NOW)  # type: ignore[arg-type]
    safe(text)
    assert text.startswith("Orders · 1 card\n\nNew 1 · Rp 1.9M\n  ORD-0001  ")
    assert "! late" in text
    assert "blocked" in text
    assert "\n\nPayment 0/10\n\n" in text


def test_settled_lanes_are_shortened_and_say_so(world: FlashSale) -> None:
    board = world.workspace.settings.boards[2]
    stage = board.stages[-2]
    docs = [{**d, "id": n} for n in range(13) for d in lanes(world, board)[0][1][:1]]
    assert len(docs) == 13
    shown = plain.board(board, [(stage, docs)], world.workspace.settings, NOW)
    assert (shown.count("FDB-"), shown.endswith("\n  and 3 more")) == (10, True)
    assert plain.board(board, [(stage, docs)], world.workspace.settings, NOW, most=2).endswith("and 11 more")
    going_on = plain.board(board, [(board.stages[1], docs)], world.workspace.settings, NOW)
    assert going_on.count("FDB-") == 13


def test_cards(world: FlashSale) -> None:
    workspace = world.workspace
    for number in workspace.state.ids("cards"):
        facts = card_events(workspace.history(), number)
        safe(plain.card(workspace.card(number), facts, workspace.state, workspace.settings, NOW))


def test_a_card_says_what_there_is(world: FlashSale) -> None:
    workspace = world.workspace
    facts = card_events(workspace.history(), world.campaign)
    text = plain.card(workspace.card(world.campaign), facts, workspace.state, workspace.settings, NOW)
    assert text.startswith("CMP-0001 · Promo 9.9 | *Flash* Sale!\nPost-mortem · ")
    for part in (
        "Budget:          Rp 15,000,000",
        "Targets:         CPA ≤ Rp 40,000 (before: Rp 46,000)",
        "Scheduled → Live",
        "# <script>",
    ):
        assert part in text
    order = workspace.card(workspace.find("ORD-0001"))
    text = plain.card(order, (), workspace.state, workspace.settings, NOW)
    assert "(late)" in text
    assert "[ ] [31m[bold]" in text


def test_long_texts_are_shortened_and_say_so(world: FlashSale) -> None:
    card = replace(world.workspace.card(world.campaign), description="\n".join(f"line {n}" for n in range(50)))
    text = plain.card(card, (), world.workspace.state, world.workspace.settings, NOW)
    assert "line 39\n(10 more lines)" in text


def tile(**more: object) -> Tile:
    known = {"id": "x", "label": "Orders in", "value": 18, "unit": "cards", "change": 2.0, "better": "up"}
    rest = {"target": None, "state": "good", "spark": (), "board": "orders", "query": ""}
    return Tile(**{**known, **rest, **more})  # type: ignore[arg-type]


def test_tiles(world: FlashSale) -> None:
    found = [
        tile(),
        tile(label="Main channel", value=Money(3_100_000, "IDR"), unit="money", change=-0.08, note="shopee"),
        tile(label="Delayed", value=None, state="bad", target=5),
    ]
    assert plain.tiles(found, world.workspace.settings).split("\n") == [
        "Orders in          18   +2",
        "Main channel  Rp 3.1M  -8%            shopee",
        "Delayed           n/a       target 5  !!",
    ]


def test_metrics(world: FlashSale) -> None:
    figures = [
        Metric("lead_time_p50_hours", 243.928, "hours", 9),
        Metric("on_time_rate", 0.5, "fraction", 4),
        Metric("slowest_stage", "live", "stage", 1),
        Metric("roas", 1.402, "ratio", 2),
        Metric("spend", 12_500_000, "IDR", 2),
        Metric("cpa", 12.5, "USD", 2),
        Metric("wip", 3, "cards", 3),
        Metric("ctr", None, "fraction", 0),
    ]
    board = world.workspace.settings.boards[1]
    text = plain.metrics(board, figures, world.workspace.settings, date(2026, 9, 1), date(2026, 10, 1))
    safe(text)
    words = [" ".join(line.split()) for line in text.split("\n")]
    assert words == [
        "Campaigns, 2026-09-01 to 2026-10-01 (not included)",
        "Lead time, half of the cards (p50) 10.2 d n=9 lead_time_p50_hours", "On time 50.0% n=4 on_time_rate",
        "Slowest stage Live n=1 slowest_stage", "ROAS 1.40 n=2 roas", "Spend IDR 12,500,000 n=2 spend",
        "CPA USD 12.50 n=2 cpa", "In progress 3 n=3 wip", "CTR n/a n=0 ctr",
    ]  # fmt: skip
