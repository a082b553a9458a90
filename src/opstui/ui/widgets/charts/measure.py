"""Numbers as charts measure and write them: one reading of a panel's unit for bars, axes and tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from msgspec import Struct

from opstui import formats as f
from opstui.domain.model import Money
from opstui.formats import Formats
from opstui.i18n import _
from opstui.projections.kpis import major
from opstui.projections.panels import Panel, Value

WORDS = {
    "cards": _("cards"),
    "hours": _("hours"),
    "days": _("days"),
    "minutes": _("minutes"),
    "ratio": "×",
    "skus": _("SKUs"),
    "pieces": _("pieces"),
    "fraction": "%",
}
"""Unit -> what stands over an axis; a currency stands for itself."""
_SPANS = {"minutes": 1 / 60, "hours": 1.0, "days": 24.0}
"""Unit of time -> its hours."""
_WHOLE = ("cards", "skus", "pieces")
_FINE, _MIDDLE = 10, 100
"""Below these a number has two digits, or one."""
_SMALL_SHARE = 0.1
_MOST = 1e200
"""What is larger is drawn as this: no axis has room for it, and none breaks."""
_HUGE = 1e18
"""From here on a number is an accident, and is written with its power of ten."""
_SLACK = 1e-9
_TALL = 12
"""From so many lines on the ticks of an axis stand farther apart."""


def size(value: Value) -> float | None:
    """A value as a length: money in major units; None for what has none (a name, an undefined number)."""
    if isinstance(value, Money):
        return float(major(value.amount, value.currency))
    if isinstance(value, str) or value is None or not math.isfinite(value):
        return None
    return float(value)


def written(value: Value, unit: str, formats: Formats) -> str:
    """A value as people read it: 14, 2.1 d, 42%, Rp 4.1M, n/a."""
    if isinstance(value, str):
        return value
    if isinstance(value, Money):
        huge = abs(value.amount) >= _HUGE
        return f"{value.currency} {float(value.amount):.2g}" if huge else formats.money_compact(value)
    if value is None or not math.isfinite(value):
        return _("n/a")
    if abs(value) >= _HUGE:
        return f"{value:.2g}"
    if unit in _SPANS:
        sign = "-" if value < 0 else ""
        return sign + f.hours(abs(value) * _SPANS[unit], formats)
    if unit == "fraction":
        return formats.percent(value, 1 if 0 < abs(value) < _SMALL_SHARE else 0)
    return plain(value, formats)


def plain(value: float, formats: Formats) -> str:
    """A number with as many digits as its size wants."""
    if float(value).is_integer() or abs(value) >= _MIDDLE:
        return formats.number(value)
    return formats.number(value, 2 if abs(value) < _FINE else 1)


class Scale(Struct, frozen=True):
    """A value axis: from `low` to `high`, with a tick at every `step`, written in units of `per`."""

    low: float
    high: float
    step: float
    unit: str
    per: float = 1.0

    @property
    def ticks(self) -> tuple[float, ...]:
        """The values that are written on the axis."""
        first, last = math.ceil(self.low / self.step - _SLACK), math.floor(self.high / self.step + _SLACK)
        return tuple(n * self.step for n in range(first, last + 1))

    def share(self, value: float) -> float:
        """Where on the axis a value is, 0 to 1; what is beyond an end is at that end."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def label(self, tick: float, formats: Formats) -> str:
        """A tick without its unit, which stands over the axis."""
        value, step = tick / self.per, self.step / self.per
        if self.unit == "fraction" and abs(value) < _HUGE:
            return formats.number(value * 100, _digits(step * 100))
        if abs(value) >= 1000:  # noqa: PLR2004
            return formats.compact(value) if abs(value) < _HUGE else f"{value:.2g}"
        return formats.number(value, _digits(step))

    def name(self) -> str:
        """The unit in words."""
        return WORDS.get(self.unit, self.unit)


def _digits(step: float) -> int:
    return next((n for n in range(3) if math.isclose(step * 10**n, round(step * 10**n), abs_tol=1e-6)), 3)


def scale(panel: Panel, values: Iterable[float | None], rows: int) -> Scale:
    """The axis from nought that holds all values, targets and guides in `rows` lines.

    Long times are written in the larger unit: an axis to 400 hours says days. A step is a whole number of lines, so a
    tick stands exactly where its value is and nought between two lines; of such axes it is the one that fills most.
    """
    seen = [0.0, *(value for value in values if value is not None)]
    seen += [e.target for e in panel.elements if e.target is not None] + [guide.value for guide in panel.guides]
    low, high = max(min(seen), -_MOST), min(max(seen), _MOST)
    unit, per = _larger(panel.unit, max(abs(low), abs(high)))
    low, high = low / per, high / per
    if high - low < 1 / _MOST:
        high = low + 1.0
    rows = max(2 if low < 0 < high else 1, rows)
    line, step = min(_fits(low, high, rows, whole=unit in _WHOLE))
    below = math.ceil(-low / line - _SLACK)
    return Scale(-below * line * per, (rows - below) * line * per, step * per, unit, per)


def _fits(low: float, high: float, rows: int, *, whole: bool) -> Iterator[tuple[float, float]]:
    """What a line of an axis may be worth, and the step between its ticks: round, and 2 to 6 lines."""
    power = 10.0 ** math.floor(math.log10((high - low) / rows))
    for lines in range(min(3 if rows >= _TALL else 2, rows), min(6, rows) + 1):
        for step in (power * factor for factor in (1, 2, 2.5, 5, 10, 20, 25, 50, 100, 200)):
            line = (max(1.0, round(step)) if whole else step) / lines
            if math.ceil(-low / line - _SLACK) + math.ceil(high / line - _SLACK) <= rows:
                yield line, line * lines


def _larger(unit: str, most: float) -> tuple[str, float]:
    """The unit of time that an axis is written in, and how much of the panel's one of it is."""
    if unit not in _SPANS:
        return unit, 1.0
    hours = most * _SPANS[unit]
    best = "days" if hours >= 48 else "hours" if hours >= 2 else unit  # noqa: PLR2004
    best = max(best, unit, key=_SPANS.__getitem__)
    return best, _SPANS[best] / _SPANS[unit]
