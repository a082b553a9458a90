"""Google Ads' campaign report: two title lines, numbers in thousands, ` --` for nothing, and total rows at the end.

Without a Day column the report says only what a campaign did in the whole range; that becomes one row of figures on
the range's last day. The file's own total row is compared with our sum. Clicks are `Clicks`, else `Interactions`;
revenue is `Conv. value`, and a report without it has none (its value / cost ratio is rounded too far to multiply
back).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.imports.campaigns import Campaigns, Figures
from opstui.imports.cells import Amount, Count, Currency, MaybeDay, Name, RowModel, Words, decimal, judge, likely, minor
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.tables import Row, Table, column, open_table

SOURCE = "google-ads"
CHANNEL = "google"
COLUMNS = ("campaign", "cost", "impr.|impressions", "clicks|interactions")
ROLES = {
    "campaign": "campaign",
    "day": "day|date",
    "currency": "currency code|currency",
    "cost": "cost",
    "impressions": "impr.|impressions",
    "clicks": "clicks|interactions",
    "conversions": "conversions|conv.",
    "value": "conv. value|all conv. value",
    "budget": "budget",
    "budget_type": "budget type",
}
"""What we read -> the column it may be in."""
CHECKED = ("cost", "impressions", "clicks", "conversions")
ROUNDED = ("cost", "conversions")
HALF_A_CENT = Decimal("0.005")
TOTALS = ("total: campaigns", "total: account", "total")
"""Rows over everything, the one to check against first."""
_DAYS = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d")


class GoogleRow(RowModel):
    """A row in our words."""

    campaign: Name
    day: MaybeDay = None
    currency: Currency = ""
    cost: Amount
    impressions: Count
    clicks: Count
    conversions: Amount = Decimal(0)
    value: Amount = Decimal(0)
    budget: Amount = Decimal(0)
    budget_type: Words = ""


def read(paths: Sequence[Path], context: Context) -> Reading:
    """Campaign drafts with a row of figures a day, or one row a campaign.

    Raises:
        Refused: a file cannot be read, is of another kind, or says no dates.
    """
    report = Report()
    campaigns = Campaigns(report)
    for path in paths:
        _take(open_table(path, COLUMNS, report, context.progress), campaigns, context)
    return campaigns.reading(SOURCE, context)


def _take(table: Table, campaigns: Campaigns, context: Context) -> None:
    report, names = campaigns.report, {role: column(table, pattern) for role, pattern in ROLES.items()}
    for line, __ in table.above:
        report.add("dropped", table.file, line, _("title row"))
    run, totals = None if names["day"] else _range(table), Totals()
    for row in table.rows:
        cells = {role: row.cells[name] for role, name in names.items() if name}
        label = next(iter(row.cells.values())).strip().casefold()
        if label == "total" or label.startswith("total:"):
            report.add("dropped", table.file, row.line, _("total row"))
            totals.told.setdefault(label, (row.line, cells))
            continue
        good = judge(table, Row(row.line, cells), GoogleRow, report)
        if good is None:
            continue
        day = run[1] if run else good.day
        if day is None:
            report.add("refused", table.file, row.line, _("the day is empty"), good.campaign)
            continue
        totals.count(good)
        _add(good, day, run, campaigns, context, place=(table, row.line))
    if not names["currency"]:
        report.notes.append(_("the file says no currency: {currency} is taken").format(currency=context.currency))
    if not names["value"]:
        report.notes.append(_("the file has no conversion value: revenue stays 0"))
    totals.compare(table.file, report)


def _add(
    row: GoogleRow,
    day: date,
    run: tuple[date, date] | None,
    campaigns: Campaigns,
    context: Context,
    *,
    place: tuple[Table, int],
) -> None:
    currency, campaign = row.currency or context.currency, row.campaign.casefold()
    if run:
        campaigns.runs[campaign] = run
    if row.budget and row.budget_type.casefold() == "campaign total":
        campaigns.budgets[campaign] = minor(row.budget, currency)
    figures = Figures(
        campaign=row.campaign,
        day=day,
        channel=CHANNEL,
        currency=currency,
        spend=row.cost,
        impressions=row.impressions,
        clicks=row.clicks,
        conversions=row.conversions,
        revenue=row.value,
    )
    campaigns.add(*place, figures)


@dataclass(slots=True)
class Totals:
    """Our sums beside the file's own total rows: Google rounds both from exact amounts, so they may differ by cents."""

    told: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    sums: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(CHECKED, Decimal(0)))
    rows: int = 0
    currencies: set[str] = field(default_factory=set)

    def count(self, row: GoogleRow) -> None:
        """Add a row that was taken."""
        self.rows += 1
        self.currencies.add(row.currency)
        for name in CHECKED:
            self.sums[name] += getattr(row, name)

    def compare(self, file: str, report: Report) -> None:
        """Say whether the row over everything equals the sum of the rows taken; two currencies have no sum."""
        label = next((t for t in TOTALS if t in self.told), None)
        if label is None or len(self.currencies) > 1:
            return
        line, cells = self.told[label]
        same = []
        for name in CHECKED:
            try:
                total = decimal(cells[name])
            except (KeyError, ValueError):
                continue
            told = _("{total}, summed {sum}").format(total=total, sum=self.sums[name])
            if total == self.sums[name]:
                same.append(f"{name} {total}")
            elif abs(total - self.sums[name]) <= self._rounding(name):
                same.append(_("{name} {told} (rounding)").format(name=name, told=told))
            else:
                reason = _("the file's own total of {name} is not the sum of its rows").format(name=name)
                report.add("doubtful", file, line, reason, told)
        if same:
            report.notes.append(_("the file's own total row equals our sum: {same}").format(same=", ".join(same)))

    def _rounding(self, name: str) -> Decimal:
        return (self.rows + 1) * HALF_A_CENT if name in ROUNDED else Decimal(0)


def _range(table: Table) -> tuple[date, date]:
    """The range of days in a title row: July 8, 2025 - July 31, 2025, or one day.

    Raises:
        Refused: no title row says one.
    """
    for __, record in table.above:
        text = " ".join(record).strip()
        days = [_day(part) for part in re.split(r"\s+[-\u2013]\s+", text)]
        found = [d for d in days if d]
        if len(found) == len(days) <= 2 and found[0] <= found[-1]:  # noqa: PLR2004 - a day, or two
            return found[0], found[-1]
    raise Refused(
        _("{file}: neither a Day column nor a title row with the dates. Export the report with the column Day.").format(
            file=table.file
        )
    )


def _day(text: str) -> date | None:
    for pattern in _DAYS:
        try:
            return likely(datetime.strptime(text.strip(), pattern).date())  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
