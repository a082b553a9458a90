"""The page about flow: every number opens the cards it counted, and the panels say what they should."""

from __future__ import annotations

from datetime import timedelta

import pytest

from opstui.domain.commands import MoveCard
from opstui.projections.figures.flow_page import page
from opstui.projections.panels import Page
from projections.figures.law import broken
from projections.months import Months


def flow(months: Months, days: int = 30, board: int = 0) -> Page:
    boards = months.workspace.settings.boards
    return page(months.workspace.histories.source(as_of=months.at, days=days, board=boards[board]))


@pytest.mark.parametrize("days", [30, 90])
@pytest.mark.parametrize("seed", range(6))
def test_every_number_opens_the_cards_it_counted(seed: int, days: int) -> None:
    months = Months(seed)
    months.go_on(150)
    found = flow(months, days)
    assert broken(found, months.workspace, months.at) == []
    assert sum(element.cards for _panel, element in found.elements())


def test_a_shop_without_cards_has_a_page_that_says_so() -> None:
    months = Months(0)
    assert broken(flow(months, board=1), months.workspace, months.at) == []
    panels = {panel.id: panel for panel in flow(months, board=1).panels}
    assert panels["flow.cycle"].missing == "no card was done in this period"
    assert panels["flow.forecast"].missing == "nothing was done lately, so nothing can be foreseen"


def test_the_bottleneck_is_named_with_its_evidence_and_what_to_do() -> None:
    months = Months(0)
    cards = [months.card(title=f"Order {n}") for n in range(8)]
    for card in cards:
        months.do(MoveCard(card=card, stage="stock"))
    months.at += timedelta(days=9)
    panel = next(panel for panel in flow(months).panels if panel.id == "flow.bottleneck")
    assert panel.says.startswith("Stock is the bottleneck: ")
    assert "8 cards; more come in than go out" in panel.says
    assert panel.next_step
    (worst,) = [element for element in panel.elements if element.marked]
    assert (worst.label, worst.state, worst.cards) == ("Stock", "bad", 8)
