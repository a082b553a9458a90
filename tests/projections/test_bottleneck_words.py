"""What is told of the slowest stage, and the rule for the next step, as tables."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from opstui.formats import Formats
from opstui.metrics.bottleneck import Sign
from opstui.metrics.track import local_day
from opstui.projections.bottleneck_words import next_step, told
from opstui.projections.figures import flow_page
from opstui.projections.pane import flow_lines
from projections.months import Months
from ui.shop import JAKARTA

BLOCKED, LIMIT = "unblock its cards", "finish cards there before new ones are begun"
GROWING, SLOW = "put a second pair of hands there", "which step takes the time"


@pytest.mark.parametrize(
    ("cards", "signs", "sop", "step"),
    [
        (5, ("blocked",), "", BLOCKED),
        (5, ("at_limit",), "", LIMIT),
        (5, ("growing",), "", GROWING),
        (5, ("slow",), "", SLOW),
        (50, ("slow", "growing", "at_limit", "blocked"), "", BLOCKED),
        (50, ("growing", "slow", "at_limit"), "", LIMIT),
        (50, ("slow", "growing"), "", GROWING),
        (5, (), "", "watch it"),
        (4, ("blocked",), "", "change nothing yet: with 5 cards it is sure"),
        (0, (), "", "change nothing yet"),
        (5, ("at_limit",), "stock check", f"go by its SOP stock check: {LIMIT}"),
        (4, ("at_limit",), "stock check", "go by its SOP stock check"),
        (5, (), "stock check", "go by its SOP stock check"),
        (5, (), "{sop} 100 %", "go by its SOP {sop} 100 %"),
    ],
)
def test_the_next_step_is_the_sop_s_or_what_the_evidence_asks_for(
    cards: int, signs: Collection[Sign], sop: str, step: str
) -> None:
    found = next_step(cards, signs, sop)
    assert step in found
    assert not sop or found.startswith("go by its SOP")


@pytest.mark.parametrize(
    ("cards", "signs", "label", "evidence"),
    [
        (8, ("growing",), "Bottleneck", "8 cards; more come in than go out"),
        (8, (), "Slowest", "8 cards"),
        (1, ("growing",), "Slowest", "1 card"),
    ],
)
def test_a_bottleneck_is_told_with_its_evidence(cards: int, signs: Collection[Sign], label: str, evidence: str) -> None:
    found = told("Stock {x}", 0.4, cards, signs, "", JAKARTA)
    assert (found.label, found.evidence, found.share) == (label, evidence, "40% of the time")
    for part in ("Stock {x}", found.share, found.cards, *found.signs):
        assert part in found.sentence


@pytest.mark.parametrize("seed", range(4))
def test_the_pane_and_the_page_about_flow_say_the_same(seed: int) -> None:
    months = Months(seed)
    months.go_on(120)
    workspace, board = months.workspace, months.workspace.settings.boards[0]
    source = workspace.histories.source(as_of=months.at, days=30, board=board)
    panel = next(panel for panel in flow_page.page(source).panels if panel.id == "flow.bottleneck")
    slow = flow_lines(board, source.passages(board.id), workspace.state, workspace.settings, months.at).slowest
    assert slow is not None
    formats = Formats(workspace.settings.locale, workspace.settings.currency, workspace.settings.zone)
    found = told(slow.name, slow.share, slow.touched, slow.signs, slow.sop, formats)
    assert (panel.says, panel.next_step) == (found.sentence, found.next_step)
    assert panel.state == ("bad" if slow.proven else "plain")
    assert local_day(months.at, workspace.settings.zone).isoformat() in slow.touched_query
