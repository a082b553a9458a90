"""Daily figures that were taken back are in no figure and no file, whoever reads them."""

from __future__ import annotations

from datetime import timedelta

from domain.world import World
from opstui.domain.commands import MoveCard, RecordFigures, Undo
from opstui.exports.briefing import recap
from opstui.formats import today_in
from opstui.projections.freshness import stale_kpis
from opstui.projections.kpi_values import kpi_values


def test_figures_that_were_undone_count_nowhere() -> None:
    world = World()
    settings = world.workspace.settings
    card = world.card("campaigns", title="9.9")
    world.do(MoveCard(card=card, stage="live"))
    today = today_in(world.at, settings.zone)
    old = RecordFigures(
        card=card, day=str(today - timedelta(days=9)), channel="meta", currency="IDR", figures={"spend": 700}
    )
    new = RecordFigures(card=card, day=str(today), channel="meta", currency="IDR", figures={"spend": 4_321_000})
    world.do(old)
    world.do(new)
    assert not stale_kpis(world.workspace.state, settings, world.at)
    assert "4,321,000" in recap(world.workspace, today)
    world.do(Undo(batch=world.workspace.store.seq))
    assert stale_kpis(world.workspace.state, settings, world.at), "what was taken back makes nothing fresh"
    assert "4,321,000" not in recap(world.workspace, today)
    spent = kpi_values(world.workspace.histories.source(as_of=world.at, days=30))["spend"].value
    assert getattr(spent, "amount", None) == 700
