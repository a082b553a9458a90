"""What every KPI of the registry says just now, over the days of a source: for lists of them and their targets."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from opstui.domain.boards import first_of
from opstui.domain.figures import rows_of
from opstui.domain.model import Money, exponent
from opstui.domain.registry import KPIS
from opstui.projections.figures.source import Source
from opstui.projections.freshness import since_words, stale_kpis
from opstui.projections.kpis import Metric, board_metrics
from opstui.projections.learning import learning_metrics
from opstui.projections.panels import Value
from opstui.projections.service_kpis import service_metrics
from opstui.projections.tiles import tiles

KINDS = {"orders": "order", "campaigns": "campaign", "feedback": "feedback"}
"""Group of KPIs -> the kind of the board they are about."""


class Known(Struct, frozen=True):
    """A KPI's value; `stale` says how old its data are, when they are too old."""

    value: Value
    stale: str = ""


def kpi_values(source: Source) -> dict[str, Known]:
    """KPI id -> what it says: the tiles of this moment, and the metrics of the first board of each kind."""
    found = {tile.id: Known(tile.value) for tile in tiles(source.reader, source.settings, source.as_of)}
    stale = stale_kpis(source.reader, source.settings, source.as_of)
    for metric in _metrics(source):
        if metric.id in KPIS and metric.id not in found:
            last = stale.get(metric.id)
            found[metric.id] = Known(_worth(metric), since_words(last, source.today) if last else "")
    return found


def _metrics(source: Source) -> Iterator[Metric]:
    settings = source.settings
    for group, kind in KINDS.items():
        board = first_of(settings.boards, kind)
        if board is None:
            continue
        tracks = [way.track for way in source.passages(board.id)]
        rows = [
            row
            for row in rows_of(source.reader)
            if (source.reader.get("cards", row["card"]) or {}).get("board") == board.id
        ]
        figures = board_metrics(board, tracks, rows, settings, source.since, source.until, source.as_of)
        yield from (metric for metric in figures if metric.id in KPIS and KPIS[metric.id].group == group)
        if kind == "feedback":
            yield from service_metrics(source)
    if (board := first_of(settings.boards, "action")) is not None:
        yield from learning_metrics(source.reader, board, settings.zone, source.period, source.as_of)


def _worth(metric: Metric) -> Value:
    """Its value; money with its currency."""
    if KPIS[metric.id].unit != "money" or metric.value is None or isinstance(metric.value, str):
        return metric.value
    return Money(round(metric.value * 10 ** exponent(metric.unit)), metric.unit)
