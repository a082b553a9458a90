"""The figures of a board over a period, by permanent ids: what `opstui kpi` prints and exports write.

The period is whole local days of the workspace, the first included, the last not. An undefined figure is None; `n` says
how many cards (or rows) stand behind a figure, so that nobody reads a trend into three orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from opstui.config import Settings
from opstui.domain.boards import Board
from opstui.domain.model import SHOP, Doc, exponent
from opstui.metrics.bottleneck import Place, Slowest, contenders, slowest_stage
from opstui.metrics.flow import cycle_hours, done_within, efficiency, lead_hours, wip_at
from opstui.metrics.marketing import Totals, ratio
from opstui.metrics.ontime import on_time, on_time_done, overdue
from opstui.metrics.percentiles import quantile
from opstui.metrics.track import Passage, Track, local_day, passages
from opstui.projections.flow import categories

PLANNED = ("scheduled", "live")
"""Stages that last as long as the plan says: never the slowest."""


DEFAULT_DAYS = 30
"""How many days, today included, figures are about when nobody says which."""
_OF_NOW = ("wip", "overdue", "slowest_stage")
"""Figures about where cards lie: they have a value in any period, whatever happened in it."""


def usual_period(now: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The days figures are about when nobody says which: (the first, the day after the last, which is today)."""
    end = local_day(now, zone) + timedelta(days=1)
    return end - timedelta(days=DEFAULT_DAYS), end


class Metric(Struct, frozen=True):
    """One figure. `unit`: hours, cards, fraction, ratio, stage (the value is its id) or a currency (major units).

    `query` finds the cards behind it, over all boards and the archive; "" where there is none.
    """

    id: str
    value: float | int | str | None
    unit: str
    n: int
    query: str = ""


def board_metrics(
    board: Board,
    tracks: Iterable[Track],
    rows: Iterable[Doc],
    settings: Settings,
    start: datetime,
    end: datetime,
    as_of: datetime,
) -> tuple[Metric, ...]:
    """A board's figures from `start` (included) to `end` (excluded), both local midnights, as known at `as_of`.

    Lead, cycle, throughput: cards done in the period. `wip` is at the first moment of `end`. `on_time_rate`: cards
    whose due day falls in the period and is past; `on_time_rate_done`: cards done in it. `overdue` is at
    `as_of`. `rows` are documents of the `metrics` table; they count for a campaign board only.
    """
    ways = passages(tracks, categories(board))
    figures = _flow(board, ways, settings.zone, (start, end), as_of)
    if board.kind == "campaign":
        days = local_day(start, settings.zone), local_day(end, settings.zone)
        figures = [*figures, *campaign_metrics(rows, settings.currency, *days)]
    return tuple(figures)


def says_nothing(figures: Iterable[Metric]) -> bool:
    """Whether nothing that these figures count happened in their period."""
    return not any(metric.value for metric in figures if metric.id not in _OF_NOW)


def days_with_figures(
    board: Board, tracks: Iterable[Track], rows: Iterable[Doc], zone: ZoneInfo
) -> tuple[date, date] | None:
    """The first and last local day on which a card of the board was done or it has a daily row; None without any."""
    days = [local_day(way.done, zone) for way in passages(tracks, categories(board)) if way.done]
    days += [date.fromisoformat(row["day"]) for row in rows]
    return (min(days), max(days)) if days else None


def _flow(
    board: Board, ways: Sequence[Passage], zone: ZoneInfo, period: tuple[datetime, datetime], as_of: datetime
) -> list[Metric]:
    since, until = (at.astimezone(UTC) for at in period)
    done = done_within(ways, since, until)
    leads, cycles = lead_hours(done), cycle_hours(done)
    promises, kept, late = (
        on_time(ways, local_day(since, zone), local_day(until, zone), as_of, zone),
        on_time_done(done, since, until, zone),
        overdue(ways, as_of, zone),
    )
    wip = wip_at(ways, until)
    slowest = board_slowest(board, ways, since, min(until, as_of))
    return [
        Metric("lead_time_p50_hours", quantile(leads, 50), "hours", len(leads)),
        Metric("lead_time_p85_hours", quantile(leads, 85), "hours", len(leads)),
        Metric("cycle_time_p50_hours", quantile(cycles, 50), "hours", len(cycles)),
        Metric("throughput_total", len(done), "cards", len(done)),
        Metric("wip", wip, "cards", wip),
        Metric("flow_efficiency", efficiency(done, categories(board)).cycle_based, "fraction", len(done)),
        Metric("on_time_rate", promises.rate, "fraction", len(promises.eligible)),
        Metric("on_time_rate_done", kept.rate, "fraction", len(kept.eligible)),
        Metric("overdue", len(late.eligible) - len(late.kept), "cards", len(late.eligible)),
        Metric("slowest_stage", slowest.stage if slowest else None, "stage", slowest.cards if slowest else 0),
    ]


def board_slowest(board: Board, ways: Sequence[Passage], since: datetime, until: datetime) -> Slowest | None:
    """The stage of a board that took the largest share of the time between two moments.

    A campaign is live as long as its brief says, so the stages that last as planned are never called slow.
    """
    category = categories(board)
    places = [Place(stage.id, stage.wip, stage.expected_hours) for stage in board.stages]
    return slowest_stage(ways, contenders(places, category, PLANNED), category, since, until)


def campaign_metrics(rows: Iterable[Doc], currency: str, start: date, end: date) -> Iterator[Metric]:
    """Spend, revenue and ratios of the daily rows in the period, money per currency in major units.

    With several currencies the ratios of money are undefined (amounts of two currencies are never added); CTR is not.
    """
    first, last = start.isoformat(), end.isoformat()
    within = [row for row in rows if first <= row["day"] < last]
    sums = totals(row for row in within if row["channel"] != SHOP)
    sold = totals(row for row in within if row["channel"] == SHOP)
    count = sum(n for _total, n in sums.values())
    kinds = sorted(sums) or [currency]
    for name in ("spend", "revenue"):
        for kind in kinds:
            total, n = sums.get(kind, (None, 0))
            yield Metric(name, major(getattr(total, name), kind) if total else None, kind, n)
    only, _n = sums[kinds[0]] if len(sums) == 1 else (None, 0)
    income = sold.get(kinds[0]) if len(sums) == 1 and len(sold) == 1 else None
    blended = ratio(income[0].revenue, only.spend) if only and income else None
    yield Metric("blended_roas", blended, "ratio", count)
    yield Metric("roas", only.roas if only else None, "ratio", count)
    whole = sum((total for total, _n in sums.values()), Totals())
    yield Metric("ctr", whole.ctr, "fraction", count)
    yield Metric("cvr", whole.cvr, "fraction", count)
    for name in ("cpa", "cpc", "cpm"):
        cost = getattr(only, name) if only else None
        yield Metric(name, None if cost is None else cost / 10 ** exponent(kinds[0]), kinds[0], count)


def totals(rows: Iterable[Doc]) -> dict[str, tuple[Totals, int]]:
    """Currency -> (sums in minor units, number of rows)."""
    sums: dict[str, list[float]] = {}
    for row in rows:
        known = sums.setdefault(row["currency"], [0, 0, 0, 0, 0, 0])
        for place, name in enumerate(_SUMMED):
            known[place] += row.get(name, 0)
        known[5] += 1
    return {
        currency: (
            Totals(spend=spend, impressions=int(seen), clicks=int(clicks), conversions=conversions, revenue=revenue),
            int(n),
        )
        for currency, (spend, seen, clicks, conversions, revenue, n) in sums.items()
    }


_SUMMED = ("spend", "impressions", "clicks", "conversions", "revenue")


def major(amount: float, currency: str) -> float | int:
    """Minor units as people write them: an int for a currency without decimals, else a float."""
    digits = exponent(currency)
    return amount / 10**digits if digits else int(amount)
