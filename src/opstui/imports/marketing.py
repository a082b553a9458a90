"""The daily campaign table that circulates as Marketing.csv: one row a campaign and day.

Its names come in odd spellings (`facebOOK_tier2`), so titles are lower case; its orders are conversions and its
category is the channel. It never says its currency: the workspace's is taken, and the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from opstui.i18n import _
from opstui.imports.campaigns import Campaigns, Figures
from opstui.imports.cells import Amount, Count, Name, RowModel, Words, iso_day, judged, likely
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.tables import open_table

SOURCE = "marketing-csv"
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})", re.ASCII)
_CENTURY = 2000


def american_day(text: str) -> date:
    """Month/day/year with two or four digits, or an ISO date.

    Raises:
        ValueError: neither.
    """
    match = _AMERICAN.fullmatch(text.strip())
    if match is None:
        return iso_day(text)
    month, day, year = (int(part) for part in match.groups())
    try:
        said = date(year + _CENTURY if len(match[3]) == 2 else year, month, day)  # noqa: PLR2004
    except ValueError as error:
        raise ValueError(_("not a date (month/day/year)")) from error
    return likely(said)


class MarketingRow(RowModel):
    """A row as the file has it."""

    id: Words = ""
    c_date: Annotated[date, BeforeValidator(american_day)]
    campaign_name: Name
    category: Words = ""
    impressions: Count
    mark_spent: Amount
    clicks: Count
    leads: Count = 0
    orders: Count = 0
    revenue: Amount


def read(paths: Sequence[Path], context: Context) -> Reading:
    """Campaign drafts with a row of figures a day.

    Raises:
        Refused: a file cannot be read or is of another kind.
    """
    report = Report()
    campaigns = Campaigns(report)
    for path in paths:
        table = open_table(path, MarketingRow.columns(), report, context.progress)
        ids: dict[str, int] = {}
        for line, row in judged(table, MarketingRow, report):
            if row.id and ids.setdefault(row.id, line) != line:
                report.add("refused", table.file, line, _("a second row with the same id"), row.id)
            else:
                campaigns.add(table, line, _figures(row, context))
    report.notes.append(_("the file says no currency: {currency} is taken").format(currency=context.currency))
    return campaigns.reading(SOURCE, context)


def _figures(row: MarketingRow, context: Context) -> Figures:
    return Figures(
        campaign=row.campaign_name.casefold(),
        day=row.c_date,
        channel=row.category.casefold(),
        currency=context.currency,
        spend=row.mark_spent,
        impressions=row.impressions,
        clicks=row.clicks,
        conversions=Decimal(row.orders),
        revenue=row.revenue,
        leads=row.leads,
    )
