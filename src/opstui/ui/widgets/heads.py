"""The lanes' headers: name, count against the limit, sums; and the rail that names the lanes out of sight."""

from __future__ import annotations

from collections.abc import Iterator

from rich.segment import Segment

from opstui.domain.model import Money
from opstui.formats import Formats
from opstui.i18n import _
from opstui.projections.board import Band, BoardView, LaneView
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import Ink, cells, clip, fullest
from opstui.ui.widgets.lanes import Geometry
from opstui.ui.widgets.paint import Line, Part, row, wide

LEAST_NAME = 4
"""Cells that a name keeps at least."""
GAP = "   "
"""Between the names of lanes."""
MOST_LANES = 10
"""Lanes with a cut at their edge; more than these are drawn all the same, for more bytes a key."""


def head(lane: LaneView, line: int, width: int, ink: Ink, formats: Formats, *, roomy: bool, cursor: bool) -> Line:
    """One line of a lane's header: name, count and order, then the sums (on the same line where there is one only)."""
    ground = ink("ink")
    inner = width - 2
    bar = Segment(MARKS["cursor"], ink("accent")) if cursor and line == 0 else Segment(" ", ground)
    if line == 0:
        left = _name(lane, inner - 1, ink, cursor=cursor)
        sums = "" if roomy else _figures(lane, formats, inner - 3 - wide(left))
        return [bar, *row(left, [(sums, ink("faint"))], inner - 1, ground), Segment("  ", ground)]
    if line == 1:
        sums = _figures(lane, formats, inner - 1) or _figures(lane, formats, 99)
        return [bar, *row([(sums, ink("faint"))], [], inner - 1, ground), Segment("  ", ground)]
    return [Segment(" " * width, ground)]


def _name(lane: LaneView, room: int, ink: Ink, *, cursor: bool) -> list[Part]:
    """Name, count, and how it is sorted; the fullest wording that fits, the name cut if none does."""
    style = ink("accent" if cursor else "ink", bold=True)
    count: Part = (f" {_count(lane)}", ink("muted"))
    if lane.over:
        count = (f" {MARKS['late']}{_count(lane)}", ink("warn", bold=True))
    for text in _order(lane):
        rest: list[Part] = [count, (text, ink("muted"))] if text else [count]
        if cells(lane.stage.name) + wide(rest) <= room:
            return [(lane.stage.name, style), *rest]
    return [(clip(lane.stage.name, max(LEAST_NAME, room - wide(rest))), style), *rest]


def _count(lane: LaneView) -> str:
    if lane.filtered:
        n = f"{len(lane.ids)}" if lane.settled else f"{len(lane.ids)}+"
        return _("{n} of {total}").format(n=n, total=lane.total)
    if lane.stage.wip is not None:
        return _("{n}/{limit}").format(n=lane.total, limit=lane.stage.wip)
    return str(lane.total)


def _order(lane: LaneView) -> tuple[str, ...]:
    """How a lane is sorted, from the fullest wording to the shortest; an ellipsis while it is not so yet."""
    if lane.sort is None:
        return ("",)
    arrow = MARKS["pending"] if lane.pending else MARKS["falling" if lane.sort.down else "rising"]
    return f" {arrow}{lane.sort.label}", f" {arrow}"


def _figures(lane: LaneView, formats: Formats, room: int) -> str:
    """What the lane's cards are worth, or the average of a number, in the fullest wording that fits; or nothing."""
    if lane.average is not None:
        number = formats.number(lane.average, 1)
        texts = (_("{n} on average").format(n=number), _("avg {n}").format(n=number))
        return fullest(texts, room)
    return sums_text(lane.sums, formats, room)


def sums_text(sums: tuple[Money, ...], formats: Formats, room: int) -> str:
    """Sums in the fullest wording that fits, or nothing; currencies stand side by side and are never added."""
    wordings = (" + ".join(write(money) for money in sums) for write in (formats.money_compact, formats.amount))
    return fullest(wordings, room)


def band_name(shown: Band, count: int, width: int, ink: Ink, formats: Formats, *, cursor: bool) -> Line:
    """The first lane's stretch of a band's header: what band it is, how many cards, their sums; and how many here."""
    number, room = _band_count(count, ink, cursor=cursor), width - 1
    room -= wide(number) + 2 if number else 0
    total: Part = (f" {shown.count}", ink("muted"))
    label = clip(shown.label, max(LEAST_NAME, room - 2 - wide([total])))
    left: list[Part] = [
        (f"{MARKS['folded' if shown.folded else 'unfolded']} ", ink("muted")),
        (label, ink("accent" if cursor else "ink", bold=True)),
        total,
    ]
    if sums := sums_text(shown.sums, formats, room - wide(left) - 3):
        left.append((f" · {sums}", ink("faint")))
    return [_band_bar(ink, cursor=cursor), *row(left, number, width - 1, ink("ink"))]


def band_count(count: int, width: int, ink: Ink, *, cursor: bool, place: str = "") -> Line:
    """Another lane's stretch: how many cards it has in the band; `place` tells which of the bands it is."""
    number = _band_count(count, ink, cursor=cursor)
    line = row(number, [(place, ink("faint"))], width - 1, ink("ink"))
    return [_band_bar(ink, cursor=cursor), *line]


def _band_bar(ink: Ink, *, cursor: bool) -> Segment:
    return Segment(MARKS["cursor"], ink("accent")) if cursor else Segment(" ", ink("ink"))


def _band_count(count: int, ink: Ink, *, cursor: bool) -> list[Part]:
    if cursor:
        return [(str(count) if count else MARKS["open"], ink("accent", bold=True))]
    return [(str(count), ink("muted"))] if count else []


def rail(view: BoardView, first: int, g: Geometry, ink: Ink) -> Line:
    """The line above a window of lanes: what lies to the left and to the right of it."""
    before = view.lanes[:first]
    after = view.lanes[first + len(g.spans) :]
    style, room = ink("faint"), g.width - 2
    if not g.windowed:
        return [Segment(" " * g.width, style)]
    lefts, rights = list(_lefts(before)), list(_rights(after))
    right = fullest(rights, max(room // 2, room - cells(lefts[0]) - len(GAP) * bool(before)))
    left = fullest(lefts, room - cells(right) - len(GAP) * bool(right))
    return row([(f" {left}", style)], [(f"{right} ", style)], g.width, style)


def _lefts(lanes: tuple[LaneView, ...]) -> Iterator[str]:
    """Wordings of what lies to the left, from the fullest to the shortest; the names that are far go first."""
    yield "" if not lanes else f"{MARKS['before']} " + _names(lanes)
    for n in range(1, len(lanes) + 1):
        yield GAP.join(filter(None, (f"{MARKS['before']} +{n}", _names(lanes[n:]))))


def _rights(lanes: tuple[LaneView, ...]) -> Iterator[str]:
    """The same of what lies to the right."""
    yield "" if not lanes else _names(lanes) + f" {MARKS['after']}"
    for n in range(1, len(lanes) + 1):
        yield GAP.join(filter(None, (_names(lanes[:-n]), f"+{n} {MARKS['after']}")))


def _names(lanes: tuple[LaneView, ...]) -> str:
    return GAP.join(f"{lane.stage.name} {len(lane.ids)}" for lane in lanes)


def empty(text: str, width: int, ink: Ink, *, cursor: bool, first: bool = True) -> Line:
    """A line of what stands in a lane without cards; the cursor can rest on the first."""
    here = cursor and first
    bar = Segment(MARKS["cursor"], ink("accent", "lane")) if here else Segment(" ", ink("ink", "lane"))
    style = ink("accent", "lane", bold=True) if here else ink("faint" if first else "muted", "lane")
    return [bar, *row([(text, style)], [], width - 1, ink("ink", "lane"))]
