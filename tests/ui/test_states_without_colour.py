"""No state is told by colour alone: take all colours away, and whatever differs still reads differently."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from msgspec.structs import replace

from opstui.projections.board import Face
from opstui.projections.tiles import Tile
from opstui.ui.widgets.faces import COMPACT, ROOMY, Lines, draw_face
from opstui.ui.widgets.hint import TONES
from opstui.ui.widgets.kpi_lines import campaign_rows, change_word, flow_rows, strip_words, tile_rows
from opstui.ui.widgets.kpi_pane import KpiPane
from ui.console import CAMPAIGNS, FLOW, TILES, console
from ui.shop import JAKARTA
from ui.test_faces import FACE, INK

CALM = replace(FACE, late=False)
FACES: dict[str, Face] = {
    "calm": CALM,
    "late": FACE,
    "blocked": replace(CALM, blocked="supplier", waiting="2 d"),
    "late and blocked": replace(FACE, blocked="supplier", waiting="2 d"),
    "mine": replace(CALM, mine=True),
    "sensitive": replace(CALM, sensitive=True),
    "looked at": replace(CALM, others="dewi"),
    **{priority: replace(CALM, priority=priority) for priority in ("low", "high", "urgent")},
    "grave": replace(CALM, amount="critical", alarm=True),
}
STATES = ("plain", "good", "warn", "bad")


def monochrome(
    face: Face, *, layout: Lines, cursor: bool = False, marked: bool = False
) -> tuple[tuple[str, bool], ...]:
    """The letters of a card and their weight: what is left without colour."""
    lines = draw_face(face, 34, INK, lines=layout, cursor=cursor, marked=marked)
    return tuple((s.text, bool(s.style and s.style.bold)) for line in lines for s in line)


@pytest.mark.parametrize("layout", [ROOMY, COMPACT])
def test_every_state_of_a_card_reads_differently(layout: Lines) -> None:
    seen = {name: monochrome(face, layout=layout) for name, face in FACES.items()}
    seen["under the cursor"] = monochrome(CALM, layout=layout, cursor=True)
    seen["selected"] = monochrome(CALM, layout=layout, marked=True)
    for one, other in combinations(seen, 2):
        assert seen[one] != seen[other], (one, other)


def words(row: Any) -> str:
    """A row's mark and its words."""
    return f"{row.state}|" + "".join(text for text, _color in (*row.left, *row.right))


@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.id)
def test_every_state_of_a_number_has_its_mark(tile: Tile) -> None:
    tiles = [replace(tile, state=state) for state in STATES]
    strips = ["".join(text for text, _color in strip_words(one, JAKARTA)) for one in tiles]
    assert len(set(strips)) == len(STATES), strips
    rows = [next(tile_rows([one], JAKARTA, spaced=False)) for one in tiles]
    assert [row.state for row in rows] == list(STATES)


@pytest.mark.parametrize("change", [2, -2])
def test_a_change_for_the_worse_has_another_mark_than_one_for_the_better(change: int) -> None:
    texts = {change_word(replace(TILES[0], change=change, better=better), JAKARTA)[0] for better in ("up", "down")}
    assert len(texts) == 2


async def test_the_pane_draws_the_mark_of_each_state() -> None:
    app = console()
    async with app.run_test(size=(140, 40)) as pilot:
        pane = app.query_one(KpiPane)
        edges = []
        for state in STATES:
            pane.show([replace(TILES[0], state=state)], None, ())
            await pilot.pause()
            row = next(y for y in range(10) if "Orders in" in "".join(s.text for s in pane.draw_group(y, 0)))
            edges.append(pane.draw_group(row, 0)[0].text)
    assert len(set(edges)) == len(STATES), edges
    assert all(edge[1] == " " for edge in edges)


def test_flow_and_campaigns_say_what_is_wrong() -> None:
    rates = [
        next(r for r in flow_rows(replace(FLOW, on_time_state=s), JAKARTA) if r.query == FLOW.promised_query)
        for s in STATES
    ]
    assert len({words(row) for row in rates}) == len(STATES)
    calm = replace(CAMPAIGNS[0], ctr_fell=False)
    over = replace(calm, spend=replace(calm.spend, amount=99_000_000))
    lines = [
        tuple(words(row) for row in campaign_rows([replace(campaign, ctr_fell=fell)], JAKARTA))
        for campaign in (calm, over)
        for fell in (False, True)
    ]
    assert len(set(lines)) == 4
    assert lines[2][-1].startswith("plain|! "), "the spend itself has the mark"


def test_the_hint_line_s_tones_have_marks_of_their_own() -> None:
    assert len({mark for _color, mark in TONES.values()}) == len(TONES)
