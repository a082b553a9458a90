"""A card's face as lines of segments: five lines where there is room, else three. One pure function of a Face."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from opstui.i18n import _
from opstui.projections.board import Face
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import Ink, cells
from opstui.ui.widgets.paint import Line, Part, row, wide

GROUND = "card"
ROOM_FOR_DETAIL = 8
"""A detail that would be little more than an ellipsis is left out."""


def draw_face(face: Face, width: int, ink: Ink, *, roomy: bool, cursor: bool, marked: bool) -> list[Line]:
    """The lines of a card, each `width` cells: the cursor's bar, the text, one cell of margin.

    The cursor is a bar beside the first two lines and a bold title in the accent colour, never another background:
    a background would resend the whole card on every key. A marked card has its mark above the bar.
    """
    body = (_roomy if roomy else _compact)(face, width - 2, ink, cursor=cursor)
    blank = Segment(" ", ink("ink", GROUND))
    bar = Segment(MARKS["cursor"], ink("accent", GROUND)) if cursor else blank
    edge = [bar, bar, *[blank] * len(body)]
    if marked:
        edge[0] = Segment(MARKS["marked"], ink("accent", GROUND, bold=True))
    return [[left, *line, blank] for left, line in zip(edge, body, strict=False)]


def _roomy(face: Face, width: int, ink: Ink, *, cursor: bool) -> list[Line]:
    ground = ink("ink", GROUND)
    owner = _owner(face, ink)
    return [
        _first(face, width, ink),
        row([(face.title, _title(ink, cursor=cursor))], [], width, ground),
        row([(face.detail, ink("muted", GROUND))], [], width, ground),
        row(_blocked(face, ink) or _facts(face, ink), [(_age(face), ink("faint", GROUND))], width, ground, drop=True),
        row(_when(face, ink, width - wide(owner) - 1), owner, width, ground),
    ]


def _compact(face: Face, width: int, ink: Ink, *, cursor: bool) -> list[Line]:
    ground = ink("ink", GROUND)
    title: list[Part] = [(face.title, _title(ink, cursor=cursor))]
    if face.detail and width - cells(face.title) >= ROOM_FOR_DETAIL:
        title.append((f" · {face.detail}", ink("muted", GROUND)))
    return [_first(face, width, ink), row(title, [], width, ground), _state(face, width, ink)]


def _state(face: Face, width: int, ink: Ink) -> Line:
    """The one line that a small card has for its state: late, else blocked, else due, else where it came from."""
    owner, blocked = _owner(face, ink), _blocked(face, ink)
    left = _when(face, ink, width - wide(owner) - 1) if face.late or not blocked else []
    if blocked:
        left += [(" ", ink("ink", GROUND)), *blocked] if left else blocked
    if not left:
        left = [(face.channel, ink("muted", GROUND))]
    fits = wide(left) + wide(owner) + 1 <= width
    return row(left, owner if fits or not blocked else [], width, ink("ink", GROUND))


def _title(ink: Ink, *, cursor: bool) -> Style:
    return ink("accent", GROUND, bold=True) if cursor else ink("ink", GROUND)


def _first(face: Face, width: int, ink: Ink) -> Line:
    room = width - cells(face.amount) - 1
    ref = face.ref if cells(face.ref) <= room else face.ref.rpartition("-")[2]
    left: list[Part] = [(ref, ink("faint", GROUND))]
    if MARKS[face.priority]:
        left.append((f" {MARKS[face.priority]}", ink("warn", GROUND)))
    if face.sensitive:
        left.append((f" {MARKS['sensitive']}", ink("muted", GROUND)))
    if face.others:
        left.append((f" {MARKS['others']} {face.others}", ink("ok", GROUND)))
    amount: list[Part] = [(face.amount, ink("late" if face.alarm else "ink", GROUND))] if face.amount else []
    return row(left, amount, width, ink("ink", GROUND), drop=True)


def _blocked(face: Face, ink: Ink) -> list[Part]:
    if not face.blocked:
        return []
    return [(f"{MARKS['blocked']} {face.blocked} {face.waiting}".rstrip(), ink("blocked", GROUND))]


def _facts(face: Face, ink: Ink) -> list[Part]:
    parts: list[Part] = [(face.channel, ink("muted", GROUND))] if face.channel else []
    for tag in face.tags:
        parts.append((f" #{tag}" if parts else f"#{tag}", ink.tag(tag, GROUND)))
    return parts


def _when(face: Face, ink: Ink, room: int) -> list[Part]:
    """The day, with the word "due" where there is room for it."""
    if not face.when:
        return []
    mark = f"{MARKS['late']} " if face.late else ""
    text = mark + (_("due {day}").format(day=face.when) if face.is_due else face.when)
    if cells(text) > room:
        text = mark + face.when
    return [(text, ink("late" if face.late else "muted", GROUND))]


def _age(face: Face) -> str:
    return "" if face.blocked else face.age


def _owner(face: Face, ink: Ink) -> list[Part]:
    if not face.owner:
        return []
    if face.mine:
        return [(f"{MARKS['mine']} ", ink("accent", GROUND)), (face.owner, ink("ink", GROUND))]
    return [(face.owner, ink("muted", GROUND))]
