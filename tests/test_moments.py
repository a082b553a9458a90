"""When something happened, as people type it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from opstui.typed.moments import typed_moment

JAKARTA = ZoneInfo("Asia/Jakarta")
NOON = datetime(2026, 9, 21, 5, 0, tzinfo=UTC)
"""Monday, noon in Jakarta."""


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", None),
        ("08:47", "2026-09-21T01:47:00Z"),
        (" 8.47 ", "2026-09-21T01:47:00Z"),
        ("at 08:47", "2026-09-21T01:47:00Z"),
        ("jam 08.47", "2026-09-21T01:47:00Z"),
        ("00:10", "2026-09-20T17:10:00Z"),
        ("yesterday 22:10", "2026-09-20T15:10:00Z"),
        ("kemarin jam 22.10", "2026-09-20T15:10:00Z"),
        ("-2d 09:00", "2026-09-19T02:00:00Z"),
        ("today, 11:59", "2026-09-21T04:59:00Z"),
        ("2026-09-07 14:00", "2026-09-07T07:00:00Z"),
        ("now", "2026-09-21T05:00:00Z"),
    ],
)
def test_moments(text: str, at: str | None) -> None:
    assert typed_moment(text, JAKARTA, NOON) == at


@pytest.mark.parametrize("text", ["12:01", "tomorrow 08:00", "2026-09-22 08:00", "25:00", "soon", "8:7", "-1x 08:00"])
def test_what_is_no_moment_or_still_to_come_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"try|not a"):
        typed_moment(text, JAKARTA, NOON)
