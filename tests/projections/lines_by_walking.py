"""The lines about flow as one walk over all passages tells them: what those that follow are held against."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from opstui.config import Settings
from opstui.domain.boards import Board
from opstui.domain.state import Reader
from opstui.domain.targets import targets_of
from opstui.metrics.flow import done_within, lead_hours
from opstui.metrics.ontime import on_time
from opstui.metrics.percentiles import quantile
from opstui.metrics.track import Passage, day_end, day_start, local_day
from opstui.projections.board import lane_view
from opstui.projections.flowing import FLOW_DAYS, first_day
from opstui.projections.kpis import board_slowest
from opstui.projections.pane import FlowLines, SlowestLine
from opstui.projections.tiles import status


def flow_lines(
    board: Board, passages: Sequence[Passage], reader: Reader, settings: Settings, as_of: datetime
) -> FlowLines:
    """The lines of one board. `passages` are `Flows.passages(board.id)` or `CurrentFlows.passages()`."""
    zone = settings.zone
    today = local_day(as_of, zone)
    first, after = first_day(as_of, zone), today + timedelta(days=1)
    since = day_start(first, zone)
    leads = lead_hours(done_within(passages, since, day_end(today, zone)))
    promises = on_time(passages, first, after, as_of, zone)
    rate, target = promises.rate, targets_of(reader, settings.targets).get("on_time_rate")
    return FlowLines(
        lead_p50=quantile(leads, 50),
        lead_p85=quantile(leads, 85),
        done=len(leads),
        on_time=rate,
        on_time_target=target,
        on_time_state="plain" if rate is None or target is None else status(rate, target, "up"),
        promised=len(promises.eligible),
        slowest=_slowest(board, passages, reader, since, as_of, f"{first}..{today}"),
        board=board.id,
        name=board.name,
        done_query=f"board:orders done:{FLOW_DAYS}d",
        promised_query=f"board:orders promised:{first}..{today - timedelta(days=1)}" if promises.eligible else "",
    )


def _slowest(
    board: Board, passages: Sequence[Passage], reader: Reader, since: datetime, as_of: datetime, days: str
) -> SlowestLine | None:
    found = board_slowest(board, passages, since, as_of)
    stage = board.stage(found.stage) if found else None
    if found is None or stage is None:
        return None
    here = lane_view(reader, board, stage)
    return SlowestLine(
        stage=stage.id,
        name=stage.name,
        share=found.share,
        touched=found.cards,
        proven=found.proven,
        cards=here.total,
        sums=here.sums,
        sop=stage.sop,
        board=board.id,
        query=f"stage:{stage.id}",
        signs=found.signs,
        touched_query=f"board:orders was:{stage.id}@{days}",
    )
