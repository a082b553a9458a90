"""The figures as records for programs: a board's metrics by id, or the tiles. `kpi --json` and exports say the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from opstui.domain.boards import Board
from opstui.domain.model import Money, exponent, plain
from opstui.exports.daily import TIDY, daily_figures, daily_rows
from opstui.exports.tabular import as_csv, as_json
from opstui.metrics.track import local_day
from opstui.progress import Progress, silent
from opstui.projections.flow import Flows
from opstui.projections.freshness import stale_kpis
from opstui.projections.kpis import Metric, board_metrics
from opstui.projections.learning import learning_metrics
from opstui.projections.service_kpis import service_metrics
from opstui.projections.tiles import Tile, tiles
from opstui.workspace import Workspace

EVERY = 100
"""Batches between two words about how far it is."""


def head(board: Board | None, start: date, end: date, now: datetime) -> dict[str, Any]:
    """What a document of figures says of itself."""
    return {
        "schema": "opstui.kpi/1",
        "board": board.id if board else None,
        "from": start.isoformat(),
        "to": end.isoformat(),
        "as_of": plain(now),
    }


def figures(
    workspace: Workspace, board: Board | None, form: str, start: date, end: date, progress: Progress = silent
) -> str:
    """The figures of the days from `start` to before `end`: as csv those of each day, tidy (see `daily_figures`).

    As json a board's metrics of the whole period, or the tiles of this moment.

    Raises:
        ValueError: `form` is neither.
    """
    if form != "json":
        chosen = [board] if board else workspace.settings.boards
        return as_csv(form, TIDY, daily_figures(workspace, chosen, folded(workspace, progress), start, end))
    if board is None:
        records = [tile_record(tile) for tile in tiles(workspace.state, workspace.settings, workspace.now())]
    else:
        found = metrics(workspace, board, folded(workspace, progress), start, end)
        stale = stale_until(workspace, end)
        records = [metric_record(metric, stale) for metric in found]
    return as_json(head(board, start, end, workspace.now()), "metrics", records)


def folded(workspace: Workspace, progress: Progress = silent) -> Flows:
    """The workspace's whole history as tracks; `progress` counts batches."""
    flows, last = Flows(workspace.settings.boards), workspace.store.seq
    for batch in workspace.history():
        if batch.n % EVERY == 0:
            progress(batch.n, max(last, batch.n))
        flows.apply(batch)
    return flows


def metrics(workspace: Workspace, board: Board, flows: Flows, start: date, end: date) -> tuple[Metric, ...]:
    """A board's metrics of the days from `start` to before `end`."""
    zone = workspace.settings.zone
    first, last = start.isoformat(), end.isoformat()
    rows = [row for row in daily_rows(workspace, board) if first <= row["day"] < last]
    begin, finish = (datetime.combine(day, time(), tzinfo=zone) for day in (start, end))
    now = workspace.now()
    found = board_metrics(board, flows.tracks(board.id), rows, workspace.settings, begin, finish, now)
    if board.kind == "feedback":
        moment = min(now, finish - timedelta(microseconds=1))
        days = (local_day(moment, zone) - start).days + 1
        if days > 0:
            found += tuple(service_metrics(workspace.histories.source(as_of=moment, days=days, board=board)))
    if board.kind == "action":
        found += learning_metrics(workspace.state, board, zone, (start, end), now)
    return found


def stale_until(workspace: Workspace, end: date) -> Mapping[str, date]:
    """KPI id -> the newest day of its data, of those that are stale; figures of a period that is over never are."""
    now, settings = workspace.now(), workspace.settings
    return stale_kpis(workspace.state, settings, now) if end > local_day(now, settings.zone) else {}


def metric_record(metric: Metric, stale: Mapping[str, date]) -> dict[str, Any]:
    """A metric as JSON values. `data_until` is told of stale ones only: the newest day they are made from."""
    until = stale.get(metric.id)
    known = {"id": metric.id, "value": metric.value, "unit": metric.unit, "n": metric.n, "stale": until is not None}
    known |= {"query": metric.query} if metric.query else {}
    return known | ({"data_until": until.isoformat()} if until else {})


def tile_record(tile: Tile) -> dict[str, Any]:
    """A tile as JSON values, money in major units."""
    value, unit = (
        (_major(tile.value), tile.value.currency) if isinstance(tile.value, Money) else (tile.value, tile.unit)
    )
    known: dict[str, Any] = {"id": tile.id, "label": tile.label, "value": value, "unit": unit, "change": tile.change}
    known |= {"target": tile.target, "board": tile.board, "query": tile.query, "note": tile.note}
    return known | {"stale": False}  # the cards and the stock are kept event by event


def _major(money: Money) -> float | int:
    digits = exponent(money.currency)
    return money.amount / 10**digits if digits else money.amount
