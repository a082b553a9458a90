"""Mermaid diagrams in the old, safe subset that every renderer draws. Each has a table with the same numbers beside it.

Labels pass the white list of `markdown.mermaid_label` and start with an ordinal, so that no line begins with a keyword
(facts tested against Mermaid: domain spec B.6). A diagram that would be empty or unreadable is left out: "".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from msgspec import Struct

from opstui.exports.markdown import mermaid_label

MOST_BARS = 60
TOP_BARS = 15
_LEAST = 2
_SHORTEST = timedelta(minutes=1)


class Bar(Struct, frozen=True):
    """A bar of a Gantt chart in local time. `mark` is done, crit (the one to look at) or active (not over yet)."""

    label: str
    start: datetime
    end: datetime
    mark: Literal["done", "crit", "active"] = "done"


def gantt(title: str, bars: Sequence[Bar], milestones: Sequence[tuple[str, datetime]] = (), section: str = "") -> str:
    """Bars in order, then milestones. Of more than 60 bars the 15 longest are drawn; fewer than two are no chart."""
    if len(bars) < _LEAST:
        return ""
    if len(bars) > MOST_BARS:
        longest = sorted(bars, key=lambda bar: (bar.start - bar.end, bar.start))[:TOP_BARS]
        bars = sorted(longest, key=lambda bar: bar.start)
    days = (bars[-1].end - bars[0].start).days
    lines = ["gantt", f"  title {mermaid_label(title)}", "  dateFormat YYYY-MM-DD HH:mm"]
    lines += [f"  axisFormat {'%m-%d' if days > 1 else '%d %H.%M'}", f"  section {mermaid_label(section or title)}"]
    lines += [_bar(n, bar) for n, bar in enumerate(bars, 1)]
    if milestones:
        lines.append("  section Marks")
    for n, (label, at) in enumerate(milestones, len(bars) + 1):
        lines.append(f"  {n} {mermaid_label(label)} :milestone, s{n}, {_minute(at)}, 0m")
    return _fenced(lines)


def _bar(n: int, bar: Bar) -> str:
    if bar.end - bar.start < _SHORTEST:
        return f"  {n} {mermaid_label(bar.label)} :milestone, s{n}, {_minute(bar.start)}, 0m"
    return f"  {n} {mermaid_label(bar.label)} :{bar.mark}, s{n}, {_minute(bar.start)}, {_minute(bar.end)}"


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def xychart(
    title: str, unit: str, points: Sequence[tuple[str, float | Decimal]], line: Sequence[float | Decimal] = ()
) -> str:
    """Bars by label, with an optional line of as many values; fewer than two points or more than 60 are no chart."""
    if not _LEAST <= len(points) <= MOST_BARS:
        return ""
    top = max((Decimal(str(v)) for v in (*(v for _label, v in points), *line)), default=Decimal(0))
    labels = ", ".join(f'"{mermaid_label(label)}"' for label, _value in points)
    lines = ["xychart-beta", f'  title "{mermaid_label(title)}"', f"  x-axis [{labels}]"]
    lines.append(f'  y-axis "{mermaid_label(unit)}" 0 --> {_ceiling(top)}')
    lines.append(f"  bar [{', '.join(_number(value) for _label, value in points)}]")
    if line:
        lines.append(f"  line [{', '.join(map(_number, line))}]")
    return _fenced(lines)


def moments(title: str, rows: Sequence[tuple[datetime, str]]) -> str:
    """What happened when, in local time and in order; fewer than two are no diagram.

    A colon splits a period from its events, so times are written 08.47, with their day where there are several.
    """
    if not _LEAST <= len(rows) <= MOST_BARS:
        return ""
    pattern = "%H.%M" if rows[0][0].date() == rows[-1][0].date() else "%m-%d %H.%M"
    lines = [f"  {at.strftime(pattern)} : {mermaid_label(label)}" for at, label in rows]
    return _fenced(["timeline", f"  title {mermaid_label(title)}", *lines])


def _number(value: float | Decimal) -> str:
    """A plain decimal, at most two places: Mermaid knows no exponents."""
    exact = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
    return format(exact + 0, "f")


def _ceiling(top: Decimal) -> str:
    """The next round number (1, 2 or 5 and noughts) that is not below."""
    if top <= 0:
        return "1"
    step = Decimal(1).scaleb(top.adjusted())
    return _number(next(step * n for n in (1, 2, 5, 10) if step * n >= top))


def _fenced(lines: Sequence[str]) -> str:
    return "\n".join(["```mermaid", *lines, "```"])
