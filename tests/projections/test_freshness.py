"""Stale data is told as stale: the rule by days, which campaigns count, and where it shows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from opstui.domain.commands import MoveCard
from opstui.domain.registry import KPIS
from opstui.projections.figures.campaigns.age import OF_EVENTS
from opstui.projections.freshness import behind, freshness_words, is_stale, since_words, stale_kpis
from opstui.projections.kpi_values import kpi_values
from opstui.projections.pane import campaign_lines
from projections.figures.test_campaign_page import Shop

TODAY = date(2026, 9, 21)


@pytest.mark.parametrize(
    ("days", "hours", "stale"),
    [(0, 24, False), (1, 24, False), (2, 24, False), (3, 24, True), (14, 168, False), (15, 168, True), (-1, 24, False)],
)
def test_data_are_stale_when_they_are_older_than_twice_their_cadence(days: int, hours: int, stale: bool) -> None:
    assert is_stale(TODAY - timedelta(days=days), TODAY, hours) is stale


@pytest.mark.parametrize(
    ("days", "found"),
    [((), None), (("2026-09-19",), None), (("2026-09-18",), date(2026, 9, 18)), (("2026-09-01", "2026-09-20"), None)],
)
def test_the_newest_day_counts(days: tuple[str, ...], found: date | None) -> None:
    rows: list[dict[str, Any]] = [{"day": day} for day in days]
    assert behind(rows, TODAY) == found


def test_words() -> None:
    assert since_words(TODAY - timedelta(days=3), TODAY) == "last figures 3 days ago"
    assert [freshness_words(hours) for hours in (None, 24)] == ["always current", "stale after 2 days"]


def test_what_is_kept_event_by_event_is_always_current() -> None:
    daily = {kpi.id for kpi in KPIS.values() if kpi.hours is not None}
    assert daily == {"blended_roas", "spend", "revenue", "roas", "ctr", "cvr", "cpa", "cpc", "cpm"}


def later(shop: Shop, days: int) -> Shop:
    shop.at += timedelta(days=days)
    return shop


def test_figures_of_live_campaigns_go_stale_everywhere_at_once() -> None:
    shop = Shop()
    shop.at -= timedelta(days=1)  # its last figures are of yesterday
    last = max(row["day"] for _id, row in shop.workspace.state.items("metrics"))
    state, settings = shop.workspace.state, shop.workspace.settings
    for days, told in ((0, ""), (2, ""), (3, "last figures 3 days ago"), (9, "last figures 9 days ago")):
        at = shop.at + timedelta(days=days)
        assert set(stale_kpis(state, settings, at).values()) == ({date.fromisoformat(last)} if told else set())
        assert {line.stale for line in campaign_lines(state, settings, at)} == {told}
        known = kpi_values(shop.workspace.histories.source(as_of=at, days=30))
        assert (known["roas"].stale, known["delayed"].stale, known["lead_time_p50_hours"].stale) == (told, "", "")
        later(shop, days)
        assert {panel.stale for panel in shop.page().panels if panel.id not in OF_EVENTS} == {told}
        later(shop, -days)


def test_old_figures_judge_nothing_and_give_no_advice() -> None:
    def judged(shop: Shop) -> set[str]:
        advice = {panel.id for panel in shop.page(card=1).panels if panel.next_step and "newer" not in panel.next_step}
        return advice | {panel.id for panel in shop.page(card=1).panels if panel.state != "plain"}

    shop = Shop()
    assert "campaigns.targets" in judged(shop)
    assert judged(later(shop, 9)) == set()
    states = {e.state for p, e in shop.page(card=1).elements() if p.id in ("campaigns.pacing", "campaigns.targets")}
    assert states == {"plain"}


def test_a_campaign_that_is_over_owes_no_figures() -> None:
    shop = later(Shop(), 9)
    assert not shop.page(card=3).panels[0].stale
    for card in (1, 2):
        shop.do(MoveCard(card=card, stage="archive"))
    assert stale_kpis(shop.workspace.state, shop.workspace.settings, shop.at) == {}
    assert not any(panel.stale for panel in shop.page().panels)
