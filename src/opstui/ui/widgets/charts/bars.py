"""Bars that lie: a name, its number, a bar; and the funnel, whose bars show what was lost on the way."""

from __future__ import annotations

from msgspec import Struct

from opstui.i18n import _
from opstui.projections.panels import Element
from opstui.ui.ink import cells
from opstui.ui.widgets.charts.canvas import Canvas, Drawing, Frame, Spot
from opstui.ui.widgets.charts.colors import GUIDES, element_color, mark_color, pattern, value_color
from opstui.ui.widgets.charts.measure import Scale, scale, size, written
from opstui.ui.widgets.charts.plot import guides, numbers
from opstui.ui.widgets.charts.rows import draw_cursor, draw_rest, draw_sign, indent, window

EIGHTHS = " ▏▎▍▌▋▊▉"
_SHARE = 5
"""Cells of a funnel's share."""
_LEAST_BAR = 6


class Sheet(Struct, frozen=True, kw_only=True):
    """The columns: label, series, value, share, and the bar from `bar` on."""

    frame: Frame
    canvas: Canvas
    scale: Scale
    label: int
    series: int
    value: int
    share: int
    bar: int
    room: int


def draw_bars(frame: Frame) -> Drawing:
    """A bar for each element."""
    return _draw(frame, funnel=False)


def draw_funnel(frame: Frame) -> Drawing:
    """The same with what share of the step before came this far; what did not is drawn as a shade."""
    return _draw(frame, funnel=True)


def _draw(frame: Frame, *, funnel: bool) -> Drawing:
    count = len(frame.panel.elements)
    sheet = _sheet(frame, funnel=funnel)
    below = 1 if guides(frame) and frame.height > count else 0
    room = max(1, frame.height - below)
    step = 2 if count * 2 - 1 <= room else 1
    seen = window(count, room, frame.cursor)
    spots = []
    for line, number in enumerate(seen):
        spot = Spot(number, line * step, 0, frame.width)
        _draw_row(sheet, number, spot.row, funnel=funnel)
        draw_cursor(sheet.canvas, frame, spot, words=sheet.bar)
        spots.append(spot)
    if len(seen) < count:
        draw_rest(sheet.canvas, len(seen), seen, count)
    elif below:
        _draw_guides(sheet, (len(seen) - 1) * step + 1)
    return sheet.canvas.finish(spots)


def _sheet(frame: Frame, *, funnel: bool) -> Sheet:
    panel = frame.panel
    names = [cells(element.label) for element in panel.elements]
    series = [cells(element.series) for element in panel.elements] if len(frame.series) > 1 else [0]
    value = max((cells(_value(element, frame)) for element in panel.elements), default=0)
    share = _SHARE if funnel else 0
    start = indent(frame)
    spare = max(8, frame.width - start - value - share - _LEAST_BAR - 4)
    wide = min(max(series), spare // 3)
    label = min(max(names, default=0), max(frame.width // 3, 8), spare - wide)
    bar = start + label + 1 + (wide + 1 if wide else 0) + value + share + 1
    axis = scale(panel, numbers(frame), 3)
    return Sheet(
        frame=frame,
        canvas=Canvas(frame.width, frame.height),
        scale=_tight(axis, frame),
        label=label,
        series=wide,
        value=value,
        share=share,
        bar=bar,
        room=max(0, frame.width - bar),
    )


def _tight(axis: Scale, frame: Frame) -> Scale:
    """No ticks are written, so the longest bar fills the room."""
    ends = [0.0, *(n for n in numbers(frame) if n is not None)]
    ends += [e.target for e in frame.panel.elements if e.target is not None]
    ends += [guide.value for guide in frame.panel.guides]
    low, high = min(ends), max(ends)
    return Scale(low, high if high > low else low + 1, axis.step, axis.unit, axis.per)


def _value(element: Element, frame: Frame) -> str:
    return written(element.value, element.unit or frame.panel.unit, frame.formats)


def _draw_row(sheet: Sheet, number: int, row: int, *, funnel: bool) -> None:
    frame, canvas = sheet.frame, sheet.canvas
    element = frame.panel.elements[number]
    here = number == frame.cursor
    draw_sign(canvas, frame, row, number)
    column = indent(frame)
    if not _repeats(frame, number):
        canvas.text(row, column, element.label, "ink" if here else "muted", room=sheet.label, bold=here)
    column += sheet.label + 1
    if sheet.series:
        canvas.text(row, column, element.series, "muted", room=sheet.series)
        column += sheet.series + 1
    canvas.right(row, column + sheet.value, _value(element, frame), value_color(element), bold=True)
    if funnel and number:
        canvas.right(row, column + sheet.value + sheet.share, _share(frame, number), _share_color(element))
    _draw_bar(sheet, number, row, funnel=funnel)


def _repeats(frame: Frame, number: int) -> bool:
    """The same name as the row above, of another series: it is said once."""
    elements = frame.panel.elements
    return number > 0 and elements[number].label == elements[number - 1].label and number != frame.cursor


def _share(frame: Frame, number: int) -> str:
    before, now = (size(frame.panel.elements[n].value) for n in (number - 1, number))
    return frame.formats.percent(now / before) if before and now is not None else _("n/a")


def _share_color(element: Element) -> str:
    return mark_color(element) if element.marked else "faint"


def _draw_bar(sheet: Sheet, number: int, row: int, *, funnel: bool) -> None:
    frame, canvas = sheet.frame, sheet.canvas
    element = frame.panel.elements[number]
    value = size(element.value)
    end = sheet.bar + _place(sheet, 0.0) // 8
    if value is not None and sheet.room:
        series = frame.series[element.series]
        sign = "▒" if element.hollow else pattern(series) if frame.plain else "█"
        end = _block(sheet, row, value, sign, element_color(element, series))
    if funnel and number and sheet.room:
        end = _draw_lost(sheet, number, row, end)
    if element.target is not None and element.target not in {guide.value for guide in guides(frame)}:
        _draw_tick(sheet, row, element.target, "accent")
    if element.note and sheet.frame.width - end > cells(element.note):
        canvas.text(row, end + 1, element.note, "faint")


def _place(sheet: Sheet, value: float) -> int:
    """Eighths of a cell from the beginning of the bars."""
    return round(sheet.scale.share(value) * sheet.room * 8)


def _block(sheet: Sheet, row: int, value: float, sign: str, color: str) -> int:
    """The bar itself; the column after it. A value that is not nought is always seen."""
    start, end = sorted((_place(sheet, 0.0), _place(sheet, value)))
    if value and start == end:
        start, end = (start, end + 1) if value > 0 else (start - 4, end)
    first, rest = divmod(start, 8)
    if rest and value < 0:
        sheet.canvas.put(row, sheet.bar + first, "▐", color)
        first += 1
    full, eighths = divmod(end, 8)
    for column in range(first, full):
        sheet.canvas.put(row, sheet.bar + column, sign, color)
    if eighths and value > 0 and (sign == "█" or full == first):
        sheet.canvas.put(row, sheet.bar + full, EIGHTHS[eighths], color)
    return sheet.bar + (-(-end // 8) if sign == "█" else max(full, first + 1))


def _draw_lost(sheet: Sheet, number: int, row: int, end: int) -> int:
    """A shade from where the bar ends to where the one before did."""
    elements = sheet.frame.panel.elements
    before = size(elements[number - 1].value) or 0.0
    stop = sheet.bar + -(-_place(sheet, before) // 8)
    color = mark_color(elements[number]) if elements[number].marked else "faint"
    for column in range(end, stop):
        sheet.canvas.put(row, column, "░", color)
    return max(end, stop)


def _draw_tick(sheet: Sheet, row: int, value: float, color: str) -> None:
    column = min(sheet.bar + _place(sheet, value) // 8, sheet.frame.width - 1)
    under = sheet.canvas.at(row, column)
    if under.text.isalnum():
        return  # words are read; the line goes on below them
    if under.text == "█" and not sheet.frame.plain:
        sheet.canvas.put(row, column, "│", "background", under.color)
    else:
        sheet.canvas.put(row, column, "│", color)


def _draw_guides(sheet: Sheet, row: int) -> None:
    """Lines down through the bars, named below them."""
    lines = sorted(guides(sheet.frame), key=lambda guide: guide.value)
    after = sheet.bar
    for number, guide in enumerate(lines):
        color = GUIDES[number % len(GUIDES)] if len(lines) > 1 else "accent"
        for line in range(row):
            _draw_tick(sheet, line, guide.value, color)
        words = f"{guide.label} {written(guide.value, sheet.frame.panel.unit, sheet.frame.formats)}"
        column = sheet.bar + _place(sheet, guide.value) // 8 - cells(words) // 2
        column = max(after, min(column, sheet.frame.width - cells(words)))
        after = sheet.canvas.text(row, column, words, color) + 2
