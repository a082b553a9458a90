"""A funnel of leads: one table of people who left their name, and one of the deals that came of it (Olist's funnel).

Both become daily figures of one campaign, each channel's on the day it happened: leads when somebody first wrote,
deals as conversions when they were won. Who won a deal is found by the lead's id, so its channel is that of the lead.
What a customer says of their own income is no revenue of the shop, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from os.path import isdir
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.imports.campaigns import Campaigns, Figures
from opstui.imports.cells import Name, RowModel, Words, is_nothing, iso_day, renamed
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.tables import Table, column, open_table, shown

SOURCE = "leads"
UNKNOWN = "unknown"
LEAD = {"lead": "mql_id|lead_id", "day": "first_contact_date|created_date", "origin": "origin|source|channel"}
DEAL = {"lead": "mql_id|lead_id", "day": "won_date|closed_date"}


class LeadRow(RowModel):
    """Somebody who left their name, and where they came from."""

    lead: Name
    day: Annotated[date, BeforeValidator(iso_day)]
    origin: Words = ""


class DealRow(RowModel):
    """A lead that bought."""

    lead: Name
    day: Annotated[date, BeforeValidator(iso_day)]


def read(paths: Sequence[Path], context: Context) -> Reading:
    """One campaign with a row of figures for each day and channel.

    Raises:
        Refused: a file cannot be read, or none of them tells of leads.
    """
    report = Report()
    leads, deals = _sorted(paths, report, context)
    if not leads:
        wanted = LEAD["lead"], LEAD["day"]
        raise Refused(
            _("no table of leads is among them: it has the columns {columns}").format(columns=", ".join(wanted))
        )
    funnel = _Funnel(report, leads[0], context.currency)
    for table in leads:
        funnel.take_leads(table)
    for table in deals:
        funnel.take_deals(table)
    if not deals:
        report.notes.append(_("no table of deals is among them: nothing is known of who bought"))
    return funnel.days.reading(SOURCE, context)


def _sorted(paths: Sequence[Path], report: Report, context: Context) -> tuple[list[Table], list[Table]]:
    """The tables of leads and those of deals; in a folder, other tables are passed over."""
    leads, deals = list[Table](), list[Table]()
    for path, alone in _files(paths):
        try:
            kind = _kind(open_table(path, (LEAD["lead"],), Report()), path)
        except Refused:
            if alone:
                raise
            continue
        wanted = (kind["lead"], kind["day"])
        (deals if kind is DEAL else leads).append(open_table(path, wanted, report, context.progress))
    return leads, deals


def _kind(table: Table, path: Path) -> dict[str, str]:
    """Whether a table tells of deals or of leads.

    Raises:
        Refused: of neither.
    """
    found = next((kind for kind in (DEAL, LEAD) if column(table, kind["day"])), None)
    if found is None:
        reason = _("{file} tells neither when somebody wrote ({lead}) nor when a deal was won ({deal})")
        raise Refused(reason.format(file=shown(path), lead=LEAD["day"], deal=DEAL["day"]))
    return found


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """The files that are named, and those of a folder; whether it was named itself."""
    for path in paths:
        if isdir(path):  # noqa: PTH112 - is_dir() raises for a name too long
            yield from ((found, False) for found in sorted(path.glob("*.csv")))
        else:
            yield path, True


class _Funnel:
    """Leads and deals, each lead once, as figures of their days."""

    def __init__(self, report: Report, teller: Table, currency: str) -> None:
        """`teller` is the table that all days count as told by: a lead is known by its id, whatever its file."""
        self.days = Campaigns(report)
        self._report, self._teller, self._currency = report, teller, currency
        self._origin: dict[str, str] = {}
        self._won: set[str] = set()

    def take_leads(self, table: Table) -> None:
        """Each lead on the day it came, on its channel."""
        for line, row in renamed(table, LEAD, LeadRow, self._report):
            if row.lead in self._origin:
                self._report.add("refused", table.file, line, _("a second row of the same lead"), row.lead)
                continue
            self._origin[row.lead] = UNKNOWN if is_nothing(row.origin) else row.origin.casefold()
            self._add(line, row.day, self._origin[row.lead], leads=1)

    def take_deals(self, table: Table) -> None:
        """Each deal on the day it was won, on the channel of its lead."""
        for line, row in renamed(table, DEAL, DealRow, self._report):
            if row.lead in self._won:
                self._report.add("refused", table.file, line, _("a second deal of the same lead"), row.lead)
                continue
            self._won.add(row.lead)
            if row.lead not in self._origin:
                reason = _("a deal of a lead that is in no table: its channel is not known")
                self._report.add("doubtful", table.file, line, reason, row.lead)
            self._add(line, row.day, self._origin.get(row.lead, UNKNOWN), deals=1)

    def _add(self, line: int, day: date, channel: str, *, leads: int = 0, deals: int = 0) -> None:
        figures = Figures(
            campaign=_("Leads"),
            day=day,
            channel=channel,
            currency=self._currency,
            leads=leads,
            conversions=Decimal(deals),
        )
        self.days.add(self._teller, line, figures)
