"""Where points stand from left to right: by day, by a number, or one stretch for each name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from opstui.projections.panels import Element
from opstui.ui.widgets.charts.canvas import Frame
from opstui.ui.widgets.charts.measure import plain
from opstui.ui.widgets.charts.plot import day_text


def distances(elements: Sequence[Element]) -> list[float]:
    """How far right each is, in days, in its own unit, or by the order of the names."""
    if all(element.at is not None for element in elements):
        return [float(element.at.toordinal()) for element in elements if element.at is not None]
    if all(element.x is not None for element in elements):
        return [element.x for element in elements if element.x is not None]
    order = {label: n for n, label in enumerate(dict.fromkeys(element.label for element in elements))}
    return [float(order[element.label]) for element in elements]


def columns_of(distances: Sequence[float], columns: int) -> list[int]:
    """Those as columns, the nearest at the left edge and the farthest at the right."""
    low, high = min(distances, default=0.0), max(distances, default=0.0)
    if high == low:
        return [columns // 2 for _distance in distances]
    return [round((distance - low) / (high - low) * (columns - 1)) for distance in distances]


def labels(frame: Frame, columns: Sequence[int]) -> list[tuple[int, str]]:
    """What stands below the points, once for each column, from left to right: all days between, or their own names."""
    elements = frame.panel.elements
    days = [element.at for element in elements if element.at is not None]
    if len(days) == len(elements) and len(set(days)) > 1:
        first, last = min(days), max(days)
        span, wide = (last - first).days, max(columns)
        every = (first + timedelta(n) for n in range(0, span + 1, max(1, span // max(1, wide))))
        return [(round((day - first).days / span * wide), frame.formats.short_date(day, last)) for day in every]
    found: dict[int, str] = {}
    for element, column in zip(elements, columns, strict=True):
        numbered = element.at is None and element.x is not None
        found.setdefault(column, plain(element.x or 0.0, frame.formats) if numbered else day_text(element, frame))
    return sorted(found.items())


def names(elements: Sequence[Element]) -> list[str]:
    """The series in the order of their `x`, where each has one of its own (the stages of a board); else none."""
    if any(element.x is None or element.at is not None for element in elements):
        return []
    found = {element.series: element.x or 0.0 for element in elements}
    single = len(set(found.values())) == len(found) and all(e.x == found[e.series] for e in elements)
    return sorted(found, key=lambda name: found[name]) if single and "" not in found else []
