"""The verb on numbers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import click

from opstui.cli.cards import board_of, here
from opstui.cli.session import Session, now, pass_session, say, tell, tell_json
from opstui.domain.boards import Board
from opstui.domain.model import Doc, Money, Refused, exponent, plain
from opstui.exports import plain as text
from opstui.i18n import _
from opstui.projections.flow import Flows
from opstui.projections.kpis import DEFAULT_DAYS, Metric, board_metrics, days_with_figures, says_nothing
from opstui.projections.tiles import Tile, tiles
from opstui.typed import typed_day
from opstui.workspace import Workspace


@click.command()
@click.argument("board_id", metavar="[BOARD]", required=False)
@click.option("--from", "since", metavar="D", help="First day (2026-09-01, -30d ...); by default 30 days back.")
@click.option("--to", "until", metavar="D", help="The day after the last; by default tomorrow.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_session
def kpi(session: Session, board_id: str | None, since: str | None, until: str | None, *, as_json: bool) -> None:
    """Print the tiles, and a board's metrics by id."""
    workspace, settings = session.workspace, session.workspace.settings
    start, end = _period(since, until, here(workspace).today)
    flows = folded(workspace)
    boards = [board_of(workspace, board_id)] if board_id else list(settings.boards)
    head = {
        "schema": "opstui.kpi/1",
        "board": board_id,
        "from": start.isoformat(),
        "to": end.isoformat(),
        "as_of": plain(now()),
    }
    if as_json and board_id:
        tell_json(head | {"metrics": [_row(m) for m in _metrics(workspace, boards[0], flows, start, end)]})
        return
    top = tiles(workspace.state, settings, now())
    if as_json:
        tell_json(head | {"metrics": [_tile_row(tile) for tile in top]})
        return
    if not board_id:
        tell(text.tiles(top, settings))
    for board in boards:
        figures = _metrics(workspace, board, flows, start, end)
        tell(text.metrics(board, figures, settings, start, end))
        if says_nothing(figures):
            _say_where_they_are(workspace, board, flows)


def folded(workspace: Workspace) -> Flows:
    """The workspace's whole history as tracks."""
    flows = Flows(workspace.settings.boards)
    for batch in workspace.history():
        flows.apply(batch)
    return flows


def _metrics(workspace: Workspace, board: Board, flows: Flows, start: date, end: date) -> tuple[Metric, ...]:
    zone = workspace.settings.zone
    first, last = start.isoformat(), end.isoformat()
    rows = [row for row in _rows(workspace, board) if first <= row["day"] < last]
    begin, finish = (datetime.combine(day, time(), tzinfo=zone) for day in (start, end))
    return board_metrics(board, flows.tracks(board.id), rows, workspace.settings, begin, finish, now())


def _rows(workspace: Workspace, board: Board) -> list[Doc]:
    """The daily rows of a campaign board; other boards have none."""
    if board.kind != "campaign":
        return []
    of_board = {i for i, doc in workspace.state.items("cards") if doc["board"] == board.id}
    return [row for _id, row in workspace.state.items("metrics") if row["card"] in of_board]


def _say_where_they_are(workspace: Workspace, board: Board, flows: Flows) -> None:
    zone = workspace.settings.zone
    found = days_with_figures(board, flows.tracks(board.id), _rows(workspace, board), zone)
    if found is None:
        return
    first, last = found
    hint = _(
        "{board}: nothing in this period; there are figures from {first} to {last}: try --from {first} --to {after}"
    )
    say(hint.format(board=board.name, first=first, last=last, after=last + timedelta(days=1)))


def _period(since: str | None, until: str | None, today: date) -> tuple[date, date]:
    end = _day("--to", until, today) or today + timedelta(days=1)
    start = _day("--from", since, today) or end - timedelta(days=DEFAULT_DAYS)
    if end <= start:
        raise Refused(_("--to {end} must be after --from {start}").format(end=end, start=start))
    return start, end


def _day(option: str, words: str | None, today: date) -> date | None:
    try:
        return typed_day(words or "", today)
    except ValueError as wrong:
        raise click.UsageError(f"{option}: {wrong}") from None


def _row(metric: Metric) -> dict[str, Any]:
    return {"id": metric.id, "value": metric.value, "unit": metric.unit, "n": metric.n}


def _tile_row(tile: Tile) -> dict[str, Any]:
    value, unit = (
        (_major(tile.value), tile.value.currency) if isinstance(tile.value, Money) else (tile.value, tile.unit)
    )
    known: dict[str, Any] = {"id": tile.id, "label": tile.label, "value": value, "unit": unit, "change": tile.change}
    return known | {"target": tile.target, "board": tile.board, "query": tile.query, "note": tile.note}


def _major(money: Money) -> float | int:
    digits = exponent(money.currency)
    return money.amount / 10**digits if digits else money.amount
