"""Whether figures are made from data that are new enough to decide on (spec C.6): a status needs fresh data.

What is made from the cards, their history and the stock's movements is kept event by event, so it is always current.
Daily figures come as files: when the newest day of the campaigns that are live is longer past than twice the time in
which the next should come, everything made from them is stale, and says since when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from opstui.config import Settings
from opstui.domain.figures import rows_of
from opstui.domain.model import SHOP, Doc
from opstui.domain.registry import DAILY, KPIS
from opstui.domain.state import Reader
from opstui.i18n import _, ngettext
from opstui.metrics.track import local_day

LIVE = "live"
HOURS = 24


def is_stale(last: date, today: date, hours: int = DAILY) -> bool:
    """Whether data that come every so many hours, the newest for the day `last`, are too old today."""
    return (today - last).days * HOURS > 2 * hours


def behind(rows: Iterable[Doc], today: date) -> date | None:
    """The newest day of daily figures when that is too long ago; None while they are fresh or there are none."""
    last = max((row["day"] for row in rows), default=None)
    newest = date.fromisoformat(last) if last else None
    return newest if newest and is_stale(newest, today) else None


def stale_kpis(reader: Reader, settings: Settings, as_of: datetime) -> Mapping[str, date]:
    """KPI id -> the newest day of its data, of those that are stale; none while no campaign is live."""
    live = {card for board in settings.boards if board.kind == "campaign" for card in reader.lane(board.id, LIVE)}
    rows = list(rows_of(reader))
    of_ads = [row for row in rows if row["card"] in live and row["channel"] != SHOP]
    if not of_ads:
        return {}
    today = local_day(as_of, settings.zone)
    ads, shop = behind(of_ads, today), behind((row for row in rows if row["channel"] == SHOP), today)
    daily = {kpi.id: ads for kpi in KPIS.values() if kpi.hours is not None}
    daily["blended_roas"] = min((day for day in (ads, shop) if day), default=None)
    return {name: day for name, day in daily.items() if day is not None}


def since_words(last: date, today: date) -> str:
    """What is said of stale figures."""
    days = (today - last).days
    return ngettext("last figures {n} day ago", "last figures {n} days ago", days)


def freshness_words(hours: int | None) -> str:
    """When a KPI is called stale."""
    if hours is None:
        return _("always current")
    return ngettext("stale after {n} day", "stale after {n} days", 2 * hours // HOURS)
