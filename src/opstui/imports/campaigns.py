"""Daily figures into campaign cards: what every advertising export shares.

Exports break a day down by ad, age or gender; here the parts are summed per campaign, channel and day. Reach is
never summed (one person sees many ads), so it stays unknown. A card's history is what the days prove: `live` from
the first day with figures, `postmortem` from the day after the last one, where it waits for someone to learn from
it. An export usually ends yesterday, so a campaign only counts as over after a quiet week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct

from opstui.domain.model import Draft, MetricRow, Past
from opstui.i18n import _
from opstui.imports.cells import at_zone, minor
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.tables import Table


class Figures(Struct, frozen=True, kw_only=True):
    """What one row says. Money in major units of `currency`."""

    campaign: str
    day: date
    channel: str
    currency: str
    spend: Decimal = Decimal(0)
    impressions: int = 0
    clicks: int = 0
    conversions: Decimal = Decimal(0)
    revenue: Decimal = Decimal(0)
    leads: int = 0

    def plus(self, other: Figures) -> Figures:
        """The same day with another row's figures added."""
        return Figures(
            campaign=self.campaign,
            day=self.day,
            channel=self.channel,
            currency=self.currency,
            spend=self.spend + other.spend,
            impressions=self.impressions + other.impressions,
            clicks=self.clicks + other.clicks,
            conversions=self.conversions + other.conversions,
            revenue=self.revenue + other.revenue,
            leads=self.leads + other.leads,
        )


QUIET = timedelta(days=7)
Key = tuple[str, str, str, date]
"""Campaign (casefolded), channel, currency, day."""


@dataclass(slots=True)
class Campaigns:
    """The campaigns of one import, from rows in any order and from any number of files.

    A campaign is its name, whatever the case: `facebOOK_tier2` and `facebook_tier2` are one. A day that one file has
    told is not added again from another: overlapping exports must not double the spend.
    """

    report: Report
    days: dict[Key, Figures] = field(default_factory=dict)
    told_by: dict[Key, Table] = field(default_factory=dict)
    """The table, not its file's name: two folders may hold files of one name."""
    names: dict[str, str] = field(default_factory=dict)
    budgets: dict[str, int] = field(default_factory=dict)
    """Campaign (casefolded) -> budget of the whole campaign, in minor units."""
    runs: dict[str, tuple[date, date]] = field(default_factory=dict)
    """Campaign (casefolded) -> first and last day, where the days with figures do not say them."""

    def add(self, table: Table, line: int, figures: Figures) -> None:
        """Take a row in, or report why not."""
        campaign = figures.campaign.casefold()
        key = (campaign, figures.channel, figures.currency, figures.day)
        if self.told_by.setdefault(key, table) is not table:
            self.report.add(
                "refused",
                table.file,
                line,
                _("this day of this campaign came from another file already"),
                f"{figures.campaign} {figures.day}",
            )
            return
        known = self.names.setdefault(campaign, figures.campaign)
        if known != figures.campaign:
            self.report.add(
                "repaired",
                table.file,
                line,
                _("the campaign's name is spelt in two ways, taken as one"),
                figures.campaign,
            )
        self.days[key] = self.days[key].plus(figures) if key in self.days else figures

    def reading(self, source: str, context: Context) -> Reading:
        """Everything taken in, as drafts in the order of their names."""
        drafts = tuple(self._drafts(source, context))
        self.report.cards = len(drafts)
        self.report.metric_rows = sum(len(d.metrics) for d in drafts)
        return Reading(drafts=drafts, report=self.report)

    def _drafts(self, source: str, context: Context) -> Iterator[Draft]:
        by_campaign: dict[str, list[Figures]] = {}
        for (campaign, *__), figures in sorted(self.days.items()):
            by_campaign.setdefault(campaign, []).append(figures)
        for campaign, days in by_campaign.items():
            yield self._draft(source, campaign, days, context)

    def _draft(self, source: str, campaign: str, days: list[Figures], context: Context) -> Draft:
        first, last = self.runs.get(campaign) or (min(d.day for d in days), max(d.day for d in days))
        fields: dict[str, Any] = {
            "channels": sorted({d.channel for d in days if d.channel}),
            "currency": days[0].currency,
            "starts": first.isoformat(),
            "ends": last.isoformat(),
        }
        if campaign in self.budgets:
            fields["budget"] = self.budgets[campaign]
        return Draft(
            source=source,
            external_id=campaign,
            board="campaigns",
            title=self.names[campaign],
            created=at_zone(first, context.zone),
            fields=fields,
            history=tuple(history(first, last, context)),
            metrics=tuple(metric_row(d) for d in sorted(days, key=lambda d: (d.day, d.channel, d.currency))),
        )


def history(first: date, last: date, context: Context) -> Iterator[Past]:
    """Live from its first day; when it has been quiet for a week, over since the day after its last one."""
    yield Past(at=at_zone(first, context.zone), sort="stage", value="live")
    over = at_zone(last + timedelta(days=1), context.zone)
    if over + QUIET <= context.now:
        yield Past(at=over, sort="stage", value="postmortem")


def metric_row(figures: Figures) -> MetricRow:
    """A day in minor units."""
    return MetricRow(
        day=figures.day,
        channel=figures.channel,
        currency=figures.currency,
        spend=minor(figures.spend, figures.currency),
        impressions=figures.impressions,
        clicks=figures.clicks,
        conversions=float(figures.conversions),
        revenue=minor(figures.revenue, figures.currency),
        leads=figures.leads,
    )
