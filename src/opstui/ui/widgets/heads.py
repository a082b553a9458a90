"""The lanes' headers: name, count against the limit, sums; and the rail that names the lanes out of sight."""

from __future__ import annotations

from rich.segment import Segment

from opstui.formats import Formats
from opstui.i18n import _
from opstui.projections.board import BoardView, LaneView
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import Ink, cells
from opstui.ui.widgets.lanes import Geometry
from opstui.ui.widgets.paint import Line, Part, fit, row, wide

MOST_LANES = 10
"""Lanes with a cut at their edge; more than these are drawn all the same, for more bytes a key."""


def head(lane: LaneView, line: int, width: int, ink: Ink, formats: Formats, *, roomy: bool, cursor: bool) -> Line:
    """One line of a lane's header: name and count, then the sums (on the same line where there is one only)."""
    ground = ink("ink")
    inner = width - 2
    bar = Segment(MARKS["cursor"], ink("accent")) if cursor and line == 0 else Segment(" ", ground)
    left = _name(lane, ink, cursor=cursor)
    if line == 0:
        sums = "" if roomy else _sums(lane, formats, inner - 2 - wide(left))
        return [bar, *row(left, [(sums, ink("faint"))], inner - 1, ground), Segment("  ", ground)]
    if line == 1:
        sums = _sums(lane, formats, inner - 1) or _sums(lane, formats, 99)
        return [bar, *row([(sums, ink("faint"))], [], inner - 1, ground), Segment("  ", ground)]
    return [Segment(" " * width, ground)]


def _name(lane: LaneView, ink: Ink, *, cursor: bool) -> list[Part]:
    name: Part = (lane.stage.name, ink("accent" if cursor else "ink", bold=True))
    count = str(lane.total)
    if lane.filtered:
        count = _("{n} of {total}").format(n=len(lane.ids), total=lane.total)
    elif lane.stage.wip is not None:
        count = _("{n}/{limit}").format(n=lane.total, limit=lane.stage.wip)
    if lane.over:
        return [name, (f" {MARKS['late']}{count}", ink("warn", bold=True))]
    return [name, (f" {count}", ink("muted"))]


def _sums(lane: LaneView, formats: Formats, room: int) -> str:
    """The sums in the fullest wording that fits, or nothing."""
    wordings = (" + ".join(write(money) for money in lane.sums) for write in (formats.money_compact, formats.amount))
    return next((text for text in wordings if cells(text) <= room), "")


def rail(view: BoardView, first: int, g: Geometry, ink: Ink) -> Line:
    """The line above a window of lanes: what lies to the left and to the right of it."""
    before = view.lanes[:first]
    after = view.lanes[first + len(g.spans) :]
    left = f"{MARKS['before']} " + _names(before) if before else ""
    right = _names(after) + f" {MARKS['after']}" if after else ""
    half = g.width // 2 - 1 if before and after else g.width - 2
    style = ink("faint")
    if not g.windowed:
        return [Segment(" " * g.width, style)]
    left_line, _used = fit([(f" {left}", style)], half)
    return row(
        [(s.text, style) for s in left_line],
        [(s.text, style) for s in fit([(f"{right} ", style)], half)[0]],
        g.width,
        style,
    )


def _names(lanes: tuple[LaneView, ...]) -> str:
    return "   ".join(f"{lane.stage.name} {len(lane.ids)}" for lane in lanes)


def empty(text: str, width: int, ink: Ink, *, cursor: bool, first: bool = True) -> Line:
    """A line of what stands in a lane without cards; the cursor can rest on the first."""
    here = cursor and first
    bar = Segment(MARKS["cursor"], ink("accent", "lane")) if here else Segment(" ", ink("ink", "lane"))
    style = ink("accent", "lane", bold=True) if here else ink("faint" if first else "muted", "lane")
    return [bar, *row([(text, style)], [], width - 1, ink("ink", "lane"))]
