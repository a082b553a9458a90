"""What the doctor finds: plain data, so that a person and a program are told the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Literal

from msgspec import Struct

from opstui.i18n import _

Level = Literal["error", "warning", "mended", "note"]
"""error: something is lost or cannot be trusted; warning: worth putting right; mended: was put right; note: to know."""


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that was found. `code` never changes; `place` is a file or a document; `next` says what to do."""

    level: Level
    code: str
    place: str
    says: str
    next: str = ""


_SHOWN = 5


def few(things: Iterable[object]) -> str:
    """The first few of many: 1, 2, 3 and 4 more."""
    all_of = [str(thing) for thing in things]
    shown = ", ".join(all_of[:_SHOWN])
    if len(all_of) <= _SHOWN:
        return shown
    return _("{shown} and {n} more").format(shown=shown, n=len(all_of) - _SHOWN)


def when(at: datetime, zone: tzinfo) -> str:
    """A time as people of that zone say it: 2026-09-01 08:00:00 Asia/Jakarta."""
    return f"{at.astimezone(zone).replace(tzinfo=None).isoformat(' ', 'seconds')} {zone}"


def ranges(numbers: Iterable[int]) -> str:
    """1, 2, 3, 7 as 1-3, 7."""
    parts: list[list[int]] = []
    for n in numbers:
        if parts and n == parts[-1][1] + 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
