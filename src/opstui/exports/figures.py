"""The figures as records for programs: a board's metrics by id, or the tiles. `kpi --json` and exports say the same."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from opstui.domain.boards import Board
from opstui.domain.model import Doc, Money, exponent, plain
from opstui.exports.tabular import as_csv, as_json
from opstui.progress import Progress, silent
from opstui.projections.flow import Flows
from opstui.projections.kpis import Metric, board_metrics
from opstui.projections.tiles import Tile, tiles
from opstui.workspace import Workspace

COLUMNS = ("id", "value", "unit", "n")
EVERY = 100
"""Batches between two words about how far it is."""
TILE_COLUMNS = ("id", "label", "value", "unit", "change", "target", "board", "query", "note")


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
    """A board's metrics of the days from `start` to before `end`, or the tiles of this moment, as csv or json.

    Raises:
        ValueError: `form` is neither.
    """
    if board is None:
        records = [tile_record(tile) for tile in tiles(workspace.state, workspace.settings, workspace.now())]
    else:
        found = metrics(workspace, board, folded(workspace, progress), start, end)
        records = [metric_record(metric) for metric in found]
    if form == "json":
        return as_json(head(board, start, end, workspace.now()), "metrics", records)
    return as_csv(form, COLUMNS if board else TILE_COLUMNS, records)


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
    return board_metrics(board, flows.tracks(board.id), rows, workspace.settings, begin, finish, workspace.now())


def daily_rows(workspace: Workspace, board: Board) -> list[Doc]:
    """The daily rows of a campaign board; other boards have none."""
    if board.kind != "campaign":
        return []
    of_board = {i for i, doc in workspace.state.items("cards") if doc["board"] == board.id}
    return [row for _id, row in workspace.state.items("metrics") if row["card"] in of_board]


def metric_record(metric: Metric) -> dict[str, Any]:
    """A metric as JSON values."""
    return {"id": metric.id, "value": metric.value, "unit": metric.unit, "n": metric.n}


def tile_record(tile: Tile) -> dict[str, Any]:
    """A tile as JSON values, money in major units."""
    value, unit = (
        (_major(tile.value), tile.value.currency) if isinstance(tile.value, Money) else (tile.value, tile.unit)
    )
    known: dict[str, Any] = {"id": tile.id, "label": tile.label, "value": value, "unit": unit, "change": tile.change}
    return known | {"target": tile.target, "board": tile.board, "query": tile.query, "note": tile.note}


def _major(money: Money) -> float | int:
    digits = exponent(money.currency)
    return money.amount / 10**digits if digits else money.amount
