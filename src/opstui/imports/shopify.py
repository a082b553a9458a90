"""What a shop sold by day, as Shopify's sales report tells it: what all ads together are measured by.

The advertising platforms each claim orders for themselves, and claim some twice; the shop's own total is the one
that is paid. It becomes the daily figures of one card, apart from the campaigns' own (see `SHOP` in the domain).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from opstui.domain.model import SHOP
from opstui.i18n import _
from opstui.imports.campaigns import Campaigns, Figures
from opstui.imports.cells import RowModel, decimal, is_nothing, iso_day, renamed
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.tables import open_table


def _signed(text: Any) -> Decimal:
    """An amount; returns make it less than nothing."""
    return Decimal(0) if is_nothing(text) else decimal(text)


def _total(text: Any) -> Decimal:
    """What was sold, which has to be there."""
    if is_nothing(text):
        raise ValueError(_("is empty"))
    return decimal(text)


Signed = Annotated[Decimal, BeforeValidator(_signed)]


ROLES = {"day": "day|date", "total": "total sales", "orders": "orders"}


class SalesRow(RowModel):
    """A row: what one product sold on one day; returns may make it negative."""

    day: Annotated[date, BeforeValidator(iso_day)]
    total: Annotated[Decimal, BeforeValidator(_total)]
    orders: Signed = Decimal(0)


def read(paths: Sequence[Path], context: Context) -> Reading:
    """One card with a row of figures a day: total sales as revenue, orders as conversions.

    Raises:
        Refused: a file cannot be read or is of another kind.
    """
    report = Report()
    sums = Campaigns(report)
    today = context.now.astimezone(context.zone).date()
    for path in paths:
        table = open_table(path, ("day|date", "total sales"), report, context.progress)
        for line, row in renamed(table, ROLES, SalesRow, report):
            if row.day > today:
                report.add("refused", table.file, line, _("a day that has not come yet"), row.day.isoformat())
                continue
            figures = Figures(
                campaign=_("Shop sales"),
                day=row.day,
                channel=SHOP,
                currency=context.currency,
                conversions=row.orders,
                revenue=row.total,
            )
            sums.add(table, line, figures)
    report.notes.append(_("the file says no currency: {currency} is taken").format(currency=context.currency))
    return sums.reading(SHOP, context)
