"""When something happened, as people type it: 08:47, yesterday 22:10, -2d 09:00, 2026-09-07 14:00."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, tzinfo

from opstui.domain.model import clean_line
from opstui.i18n import _
from opstui.typed.days import typed_day, typed_time

_CLOCK = re.compile(r"(?:(.*\S)\s+)?([01]?\d|2[0-3])[:.]([0-5]\d)")
_AT = re.compile(r"[\s,]*\b(?:at|jam|pukul)$|,$")


def typed_moment(text: str, zone: tzinfo, now: datetime) -> str | None:
    """A moment that is over, as a stored UTC time; None when the text is empty. A time alone is today's.

    Raises:
        ValueError: it is no moment, or still to come; the text says what could be typed.
    """
    words = clean_line(text).casefold()
    if not words:
        return None
    found = _CLOCK.fullmatch(words)
    if found is None:
        stored = typed_time(text, zone, now)
    else:
        today = now.astimezone(zone).date()
        day = typed_day(_AT.sub("", found[1] or "") or "today", today) or today
        at = datetime.combine(day, time(int(found[2]), int(found[3])), zone)
        stored = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if stored is not None and datetime.fromisoformat(stored) > now:
        raise ValueError(_("that is still to come; try 08:47, yesterday 08:47 or 2026-09-07 08:47"))
    return stored
