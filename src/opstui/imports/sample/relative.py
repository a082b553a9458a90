"""Days and times that are told from today: `D-12`, `D-12 10:05`, `D+3`, and for today itself `D+0 40%`.

A sample that is to look alive must move with the calendar. A clock time today may still lie ahead, so the moments of
today are shares of the working day so far: whatever the hour, they are past and in the same order.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from opstui.i18n import _

_DAY = re.compile(r"D([+-]\d{1,4})", re.ASCII)
_CLOCK = re.compile(r"D(-\d{1,4}) ([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_SHARE = re.compile(r"D\+0 (\d{1,2})%", re.ASCII)
OPENS = time(7)
AWAKE = timedelta(hours=1)
"""So long after opening, the day counts from opening; before, all that there is of today is the night."""


class Calendar(Struct, frozen=True):
    """The shop's zone, and the moment everything is told from."""

    zone: ZoneInfo
    now: datetime

    @property
    def today(self) -> date:
        """The present day in the shop's zone."""
        return self.now.astimezone(self.zone).date()

    @property
    def _start(self) -> datetime:
        """When the shop opened today; midnight when that is yet to come or has only just been."""
        opened, midnight = (datetime.combine(self.today, at, self.zone).astimezone(UTC) for at in (OPENS, time()))
        return opened if self.now - opened >= AWAKE else midnight

    def day(self, text: str) -> date:
        """The date of `D-9` or `D+3`.

        Raises:
            ValueError: something else.
        """
        found = _DAY.fullmatch(text.strip())
        if found is None:
            raise ValueError(_("not a day like D-9 or D+3"))
        return self.today + timedelta(days=int(found[1]))

    def moment(self, text: str) -> datetime:
        """The time, in UTC, of `D-9 08:30`, or of `D+0 40%`: a share of today so far. Never later than now.

        Raises:
            ValueError: something else, or a time that could lie ahead.
        """
        plain = text.strip()
        if share := _SHARE.fullmatch(plain):
            passed = (self.now - self._start) * int(share[1]) / 100
            return self._start + timedelta(milliseconds=passed // timedelta(milliseconds=1))
        if (clock := _CLOCK.fullmatch(plain)) and int(clock[1]) < 0:
            at = time(int(clock[2]), int(clock[3]))
            return datetime.combine(self.today + timedelta(days=int(clock[1])), at, self.zone).astimezone(UTC)
        raise ValueError(_("not a past time like D-9 08:30, or D+0 40% for today"))
