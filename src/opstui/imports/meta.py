"""Meta Ads Manager's export, broken down by day (and perhaps ad, age and gender): summed per campaign and day.

The currency stands in the header of the spend. Clicks are link clicks, as Meta's own CTR column of that name counts.
Conversions are `Purchases`, else `Website purchases`. Revenue is the purchases' value where the export has it, else
purchase ROAS times spend, row by row and only where Meta gives a ROAS: the export holds no other trace of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from pydantic import Field

from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.imports.campaigns import Campaigns, Figures
from opstui.imports.cells import Amount, Count, IsoDay, Name, RowModel, is_nothing, judge
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.tables import Row, Table, column, open_table

SOURCE = "meta-ads"
CHANNEL = "meta"
COLUMNS = ("campaign name", "day|date", "amount spent (*)", "impressions")
ROLES = {
    "campaign": "campaign name",
    "day": "day|date",
    "spend": "amount spent (*)",
    "impressions": "impressions",
    "clicks": "link clicks|clicks (all)",
    "purchases": "purchases|website purchases",
    "value": "purchases conversion value|website purchases conversion value",
    "roas": "purchase roas (*)|website purchase roas (*)",
}
"""What we read -> the column it may be in."""


class MetaRow(RowModel):
    """A row in our words."""

    campaign: Name = Field(alias="campaign name")
    day: IsoDay
    spend: Amount = Field(alias="amount spent")
    impressions: Count
    clicks: Count = Field(0, alias="link clicks")
    purchases: Amount = Decimal(0)
    value: Amount = Field(Decimal(0), alias="purchases conversion value")
    roas: Amount = Field(Decimal(0), alias="purchase roas")


def read(paths: Sequence[Path], context: Context) -> Reading:
    """Campaign drafts with a row of figures a day.

    Raises:
        Refused: a file cannot be read or is of another kind.
    """
    report = Report()
    campaigns = Campaigns(report)
    for path in paths:
        table = open_table(path, COLUMNS, report, context.progress)
        currency, names = _currency(table), {role: column(table, pattern) for role, pattern in ROLES.items()}
        for row in table.rows:
            if _is_total(row, names):
                report.add("dropped", table.file, row.line, _("total row"))
                continue
            cells = {role: row.cells[name] for role, name in names.items() if name}
            good = judge(table, Row(row.line, cells), MetaRow, report)
            if good:
                campaigns.add(table, row.line, _figures(good, currency, with_value=names["value"] is not None))
    return campaigns.reading(SOURCE, context)


def _currency(table: Table) -> str:
    found = re.fullmatch(r"amount spent \(([a-z]{3})\)", column(table, "amount spent (*)") or "")
    if found is None:
        raise Refused(
            _("{file}: the spend's column does not name a currency, like Amount spent (IDR). Export it again.").format(
                file=table.file
            )
        )
    return found[1].upper()


def _is_total(row: Row, names: dict[str, str | None]) -> bool:
    """Meta puts a row over the whole account into some exports: figures, but neither campaign nor day."""
    return all(is_nothing(row.cells[names[role] or ""]) for role in ("campaign", "day"))


def _figures(row: MetaRow, currency: str, *, with_value: bool) -> Figures:
    return Figures(
        campaign=row.campaign,
        day=row.day,
        channel=CHANNEL,
        currency=currency,
        spend=row.spend,
        impressions=row.impressions,
        clicks=row.clicks,
        conversions=row.purchases,
        revenue=row.value if with_value else row.roas * row.spend,
    )
