"""The figures of each day as one long table: a value a row, for a spreadsheet's pivot or a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from opstui.domain.boards import Board
from opstui.domain.figures import rows_of
from opstui.domain.model import Doc
from opstui.metrics.flow import cumulative_flow, throughput, wip_at
from opstui.metrics.marketing import MONEY
from opstui.metrics.track import day_end, local_day
from opstui.projections.flow import Flows
from opstui.projections.kpis import major
from opstui.workspace import Workspace

TIDY = ("date", "metric", "dimension", "value", "unit")
"""The columns of the daily figures: one value a row, for a spreadsheet's pivot or a program."""


def daily_figures(
    workspace: Workspace, boards: Sequence[Board], flows: Flows, start: date, end: date
) -> Iterator[dict[str, Any]]:
    """Each day's figures from `start` to before `end`, as rows of `TIDY`; `dimension` names board, channel, campaign.

    Of the boards: cards made, done, in progress and in each stage at the end of the day. Of campaigns: what each
    channel of each spent and brought that day. Days and channels without anything have no row.
    """
    zone = workspace.settings.zone
    until = min(end, local_day(workspace.now(), zone) + timedelta(days=1))
    for board in boards:
        yield from _board_days(board, flows, start, until, zone)
        if board.kind == "campaign":
            yield from _campaign_days(workspace, board, start, until)


def _board_days(board: Board, flows: Flows, start: date, end: date, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    ways = flows.passages(board.id)
    made = Counter(local_day(way.track.created, zone) for way in ways)
    done = throughput(ways, start, end, zone)
    bands = cumulative_flow(ways, [stage.id for stage in board.stages], start, end, zone)
    for day, stages in bands.items():
        name = f"board={board.id}"
        rows = [
            ("created", name, made[day]),
            ("done", name, done[day]),
            ("wip", name, wip_at(ways, day_end(day, zone))),
        ]
        rows += [("in_stage", f"{name};stage={stage}", n) for stage, n in stages.items()]
        for metric, dimension, n in rows:
            if n:
                yield {"date": day.isoformat(), "metric": metric, "dimension": dimension, "value": n, "unit": "cards"}


def _campaign_days(workspace: Workspace, board: Board, start: date, end: date) -> Iterator[dict[str, Any]]:
    first, last = start.isoformat(), end.isoformat()
    rows = [row for row in daily_rows(workspace, board) if first <= row["day"] < last]
    for row in sorted(rows, key=lambda row: (row["day"], row["card"], row["channel"])):
        ref = (workspace.state.get("cards", row["card"]) or {}).get("ref", "")
        where = f"board={board.id};campaign={ref};channel={_value(row['channel'])}"
        for metric in ("spend", "revenue", "impressions", "clicks", "conversions", "leads"):
            if value := row.get(metric):
                money = metric in MONEY
                worth = major(value, row["currency"]) if money else value
                unit = row["currency"] if money else "count"
                yield {"date": row["day"], "metric": metric, "dimension": where, "value": worth, "unit": unit}


def _value(text: str) -> str:
    """A name within a dimension: the signs that part dimensions are written as in addresses (%3B, %3D)."""
    return "".join(f"%{ord(sign):02X}" if sign in "%;=" else sign for sign in text)


def daily_rows(workspace: Workspace, board: Board) -> list[Doc]:
    """The daily rows of a campaign board; other boards have none."""
    if board.kind != "campaign":
        return []
    of_board = {i for i, doc in workspace.state.items("cards") if doc["board"] == board.id}
    return [row for row in rows_of(workspace.state) if row["card"] in of_board]
