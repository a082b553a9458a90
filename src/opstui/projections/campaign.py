"""What a campaign's daily rows and brief say: targets against actual, spend and pacing, channels, customers, faults.

Money is in integer minor units of one currency throughout: rows in another one are counted and told, never added.
Ratios are ratios of sums (spec C.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from opstui.domain.model import Campaign, Doc, Field, Target, exponent, fields_of, utc
from opstui.i18n import _
from opstui.metrics.marketing import LOWER_IS_BETTER, MONEY, SHARES, Pacing, Totals, faults, pacing, total
from opstui.projections.evidence import Fact, rewind

Result = Literal["met", "missed", "n/a"]
_FUNNEL = dict.fromkeys(("cvr", "conversions", "leads"), "activation") | dict.fromkeys(("roas", "revenue"), "revenue")
_SHOWN = 10
_SUMMED = ("spend", "impressions", "clicks", "conversions", "revenue")


class TargetRow(Struct, frozen=True, kw_only=True):
    """One KPI of the brief. Money in major units, shares as fractions; `difference` is relative to the target."""

    metric: str
    funnel: str
    baseline: float | None
    target: float
    actual: float | None
    until: date | None

    @property
    def difference(self) -> float | None:
        """How far the actual value lies from the target, as a fraction of it."""
        return None if self.actual is None or not self.target else (self.actual - self.target) / self.target

    @property
    def result(self) -> Result:
        """Whether the target was reached; a cost must stay at or below it, anything else reach it."""
        if self.actual is None:
            return "n/a"
        better = self.actual <= self.target if self.metric in LOWER_IS_BETTER else self.actual >= self.target
        return "met" if better else "missed"


class BriefRow(Struct, frozen=True):
    """A field of the brief as it was approved, and what became of it: `changed` is when, `now` its last value."""

    field: Field
    value: Any
    changed: datetime | None
    now: Any


class Run(Struct, frozen=True):
    """When the campaign was live: from `start` to before `end` (None while it is). `basis` is what says so."""

    start: datetime
    end: datetime | None
    basis: Literal["stages", "brief", "rows"]


class Spend(Struct, frozen=True, kw_only=True):
    """Spend per day against an even spread of the budget over the run; `planned` is per day, None without a plan."""

    days: tuple[tuple[date, int], ...]
    planned: float | None
    pacing: Pacing | None


class Voice(Struct, frozen=True):
    """What customers said in one period: linked feedback cards, complaints among them, and their scores (1 to 5)."""

    items: int
    complaints: int
    scores: tuple[int, ...]

    @property
    def satisfied(self) -> float | None:
        """CSAT: scores of 4 and 5 per response."""
        return sum(s >= 4 for s in self.scores) / len(self.scores) if self.scores else None  # noqa: PLR2004 - spec C.5


def row_totals(rows: Iterable[Doc]) -> Totals:
    """The sums of daily rows of one currency, minor units."""
    return total(Totals(**{name: row.get(name, 0) for name in _SUMMED}) for row in rows)


def currency_of(campaign: Campaign, rows: Sequence[Doc], otherwise: str) -> str:
    """The one currency the figures are in: that of most rows (ties by name), else the brief's, else the workspace's."""
    codes: list[str] = sorted({row["currency"] for row in rows})
    if campaign.currency in codes or not codes:
        return campaign.currency or otherwise
    counts = {code: sum(row["currency"] == code for row in rows) for code in codes}
    return next(code for code in codes if counts[code] == max(counts.values()))


def value_of(metric: str, sums: Totals, rows: Sequence[Doc], currency: str) -> float | None:
    """A metric by its id, money in major units; None when it is unknown, has no rows, or has nothing to divide by."""
    if not rows:
        return None
    if metric == "leads":
        return float(sum(row.get("leads", 0) for row in rows))
    value: float | None = getattr(sums, metric) if metric in {*_SUMMED, *MONEY, *SHARES, "roas"} else None
    return value / 10 ** exponent(currency) if value is not None and metric in MONEY else value


def target_rows(targets: Iterable[Target], rows: Sequence[Doc], currency: str) -> tuple[TargetRow, ...]:
    """The brief's KPIs against what the rows say."""
    sums = row_totals(rows)
    until = date.fromisoformat(rows[-1]["day"]) if rows else None
    return tuple(
        TargetRow(
            metric=t.metric,
            funnel=_FUNNEL.get(t.metric, "acquisition"),
            baseline=t.baseline,
            target=t.target,
            actual=value_of(t.metric, sums, rows, currency),
            until=until if value_of(t.metric, sums, rows, currency) is not None else None,
        )
        for t in targets
    )


def verdict(rows: Sequence[TargetRow]) -> str:
    """One of: all met, partly met, missed, not measurable. A KPI without a value is not a KPI that was met."""
    results = [row.result for row in rows]
    met = results.count("met")
    if met == len(results) != 0:
        return "all met"
    if met:
        return "partly met"
    return "missed" if "missed" in results else "not measurable"


def spend_of(campaign: Campaign, rows: Sequence[Doc], currency: str) -> Spend:
    """Spend by day, and where it stood against the plan on the last day that has rows."""
    by_day: dict[date, int] = {}
    for row in rows:
        day = date.fromisoformat(row["day"])
        by_day[day] = by_day.get(day, 0) + row.get("spend", 0)
    starts, ends = campaign.starts, campaign.ends
    comparable = campaign.currency in ("", currency)
    if not (campaign.budget and comparable and starts and ends and starts <= ends):
        return Spend(days=tuple(by_day.items()), planned=None, pacing=None)
    planned = campaign.budget / ((ends - starts).days + 1)
    pace = pacing(campaign.budget, sum(by_day.values()), starts, ends, max(by_day)) if by_day else None
    return Spend(days=tuple(by_day.items()), planned=planned, pacing=pace)


def channels(rows: Sequence[Doc]) -> tuple[tuple[str, Totals], ...]:
    """The sums of each channel, by name."""
    names = sorted({row["channel"] for row in rows})
    return tuple((name, row_totals(r for r in rows if r["channel"] == name)) for name in names)


BRIEF = (
    "objective",
    "audience",
    "message",
    "call_to_action",
    "hypothesis",
    "sponsor",
    "channels",
    "budget",
    "starts",
    "ends",
    "targets",
)


def brief(card: Doc, facts: Sequence[Fact]) -> tuple[tuple[BriefRow, ...], datetime | None]:
    """The brief as it left the approval stage for the last time, and when that was (None: it never was approved).

    What has not been approved is shown as it is, without a word on changes.
    """
    moves = [n for n, f in enumerate(facts) if f.event.kind == "moved" and _approves(f, facts)]
    after = [f.event for f in facts[moves[-1] + 1 :]] if moves else []
    then = rewind(card, after)
    rows = []
    for field in fields_of("campaign"):
        if field.name in BRIEF:
            value, now = then.get(field.name), card.get(field.name)
            edits = [e.at for e in after if field.name in e.changed]
            rows.append(BriefRow(field, value, edits[-1] if value != now and edits else None, now))
    return tuple(sorted(rows, key=lambda r: BRIEF.index(r.field.name))), facts[moves[-1]].event.at if moves else None


def _approves(fact: Fact, facts: Sequence[Fact]) -> bool:
    """It left the approval stage towards the launch, and nobody took that back."""
    left, entered = fact.event.changed["stage"]
    undone = any(f.event.data.get("undoes") == fact.batch for f in facts if f.event.kind == "moved")
    return left == "approval" and entered not in ("brief", "production", "stopped") and not undone


def reaction(feedback: Iterable[Doc], run: Run | None) -> tuple[Voice, Voice, Voice] | None:
    """What customers said before, during and after the run; None when there is no run or nobody said anything."""
    feedback = list(feedback)
    if run is None or not feedback:
        return None
    start, end = run.start, run.end
    periods: tuple[list[Doc], list[Doc], list[Doc]] = ([], [], [])
    for doc in feedback:
        at = utc(doc["created"])
        periods[0 if at < start else 1 if end is None or at < end else 2].append(doc)
    before, during, after = (_voice(docs) for docs in periods)
    return before, during, after


def _voice(docs: Sequence[Doc]) -> Voice:
    scores = sorted(d["score"] for d in docs if d.get("score") is not None)
    return Voice(len(docs), sum(d.get("sort") == "complaint" for d in docs), tuple(scores))


def quality(campaign: Campaign, rows: Sequence[Doc], others: int, last: date) -> tuple[str, ...]:
    """What is missing from the rows or cannot be true. `others` rows are in another currency; days count to `last`."""
    notes = []
    if not rows:
        notes.append(_("There are no daily figures for this campaign."))
    if others:
        notes.append(_("Rows in another currency, left out of all sums: {n}.").format(n=others))
    seen = {row["channel"].casefold() for row in rows}
    silent = [name for name in campaign.channels if name.casefold() not in seen]
    if rows and silent:
        notes.append(_("Channels of the brief without figures: {names}.").format(names=", ".join(silent)))
    holes = _days_without(campaign, rows, last)
    if rows and holes:
        shown = ", ".join(day.isoformat() for day in holes[:_SHOWN]) + (", ..." if len(holes) > _SHOWN else "")
        notes.append(_("Days of the run without figures: {n} ({days}).").format(n=len(holes), days=shown))
    wrong = [(row, found) for row in rows if (found := faults(row_totals([row])))]
    for row, found in wrong[:_SHOWN]:
        what = ", ".join(map(_fault, found))
        text = _("Impossible row: {day}, {channel}: {what}.")
        notes.append(text.format(day=row["day"], channel=row["channel"], what=what))
    if len(wrong) > _SHOWN:
        notes.append(_("Impossible rows in all: {n}.").format(n=len(wrong)))
    return tuple(notes)


def _fault(name: str) -> str:
    match name:
        case "clicks>impressions":
            return _("more clicks than impressions")
        case "conversions>clicks":
            return _("more conversions than clicks")
        case _field:
            return _("{field} below zero").format(field=_field)


def _days_without(campaign: Campaign, rows: Sequence[Doc], last: date) -> list[date]:
    if campaign.starts is None or campaign.ends is None:
        return []
    known = {row["day"] for row in rows}
    count = (min(campaign.ends, last) - campaign.starts).days + 1
    days = [campaign.starts + timedelta(days=n) for n in range(count)]
    return [day for day in days if day.isoformat() not in known]
