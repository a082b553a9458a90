"""What the list of KPIs says is what `opstui kpi` prints of the same days, from the whole history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from opstui.domain.registry import KPIS
from opstui.exports.figures import folded, metrics
from opstui.metrics.track import local_day
from opstui.projections.kpi_values import KINDS, kpi_values
from opstui.projections.tiles import tiles
from projections.months import Months


@pytest.mark.parametrize("seed", range(3))
def test_values_are_those_that_are_printed(seed: int) -> None:
    months = Months(seed)
    months.go_on(150)
    workspace = months.workspace
    settings, state = workspace.settings, workspace.state
    found = kpi_values(workspace.histories.source(as_of=months.at, days=30))
    for tile in tiles(state, settings, months.at):
        assert found[tile.id].value == tile.value
    end = local_day(months.at, settings.zone) + timedelta(days=1)
    flows = folded(workspace)
    for group, kind in KINDS.items():
        board = next(board for board in settings.boards if board.kind == kind)
        for metric in metrics(workspace, board, flows, end - timedelta(days=30), end):
            if KPIS[metric.id].group == group and KPIS[metric.id].unit != "money":
                assert found[metric.id].value == metric.value, metric.id
    assert found.keys() == KPIS.keys()
