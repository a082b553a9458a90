"""A card's face as lines of segments: which lines it has follows from the room and from what people want to see.

Every card of a board has the same lines, so a lane's height is a multiplication. One pure function of a Face.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from rich.segment import Segment
from rich.style import Style

from opstui.i18n import _
from opstui.projections.board import Face
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import Ink, cells, clip
from opstui.ui.widgets.paint import Line, Part, row, wide

GROUND = "card"
WHOLE_REF = 38
"""From which width on a card on one line tells its ref with the board's prefix."""
ROOM_FOR_DETAIL = 12
"""A detail that is cut has so many cells at least: less would be a number and a letter, and is left out."""
Lines = tuple[str, ...]
"""The lines of a face from top to bottom, by their names in `_DRAW`."""
ROOMY: Lines = ("first", "title", "detail", "facts", "when")
COMPACT: Lines = ("first", "name", "state")
LIST: Lines = ("list",)
DENSITIES = {"list": LIST, "compact": COMPACT, "roomy": ROOMY}
"""What a member can choose; nothing chosen: roomy where there is room, else compact."""
_WANTED = {"detail": {"detail"}, "facts": {"channel", "tags", "age"}, "when": {"due", "owner"}}
"""Line -> parts; it is left out when none of them is wanted."""


def face_lines(density: str, parts: Collection[str] | None = None, *, extra: bool = False) -> Lines:
    """The lines of a face on which these parts are wanted (None: the usual ones), and others (`extra`) or not."""
    lines = DENSITIES[density]
    if parts is not None and lines is ROOMY:
        lines = tuple(name for name in lines if name not in _WANTED or not _WANTED[name].isdisjoint(parts))
        if "facts" not in lines:  # what it waits for stands there: then it needs the line that says both
            lines = (*(name for name in lines if name != "when"), "state")
    return (*lines, "extra") if extra and lines is not LIST else lines


def draw_face(face: Face, width: int, ink: Ink, *, lines: Lines, cursor: bool, marked: bool) -> list[Line]:
    """The lines of a card, each `width` cells: the cursor's bar, the text, one cell of margin.

    The cursor is a bar beside the first two lines and a bold title in the accent colour, never another background:
    a background would resend the whole card on every key. A marked card has its mark above the bar.
    """
    title = ink("accent", GROUND, bold=True) if cursor else ink("ink", GROUND)
    body = [_DRAW[name](face, width - 2, ink, title) for name in lines]
    blank = Segment(" ", ink("ink", GROUND))
    bar = Segment(MARKS["cursor"], ink("accent", GROUND)) if cursor else blank
    edge = [bar, bar, *[blank] * len(body)]
    if marked:
        edge[0] = Segment(MARKS["marked"], ink("accent", GROUND, bold=True))
    return [[left, *line, blank] for left, line in zip(edge, body, strict=False)]


def _first(face: Face, width: int, ink: Ink, _title: Style) -> Line:
    """The ref, and what it is worth."""
    room = width - cells(face.amount) - 1
    ref = face.ref if cells(face.ref) <= room else face.ref.rpartition("-")[2]
    left: list[Part] = [(ref, ink("faint", GROUND))]
    if MARKS[face.priority]:
        left.append((f" {MARKS[face.priority]}", ink("warn", GROUND)))
    if face.sensitive:
        left.append((f" {MARKS['sensitive']}", ink("muted", GROUND)))
    if face.others:
        left.append((f" {MARKS['others']} {face.others}", ink("ok", GROUND)))
    return row(left, _amount(face, ink), width, ink("ink", GROUND), drop=True)


def _title(face: Face, width: int, ink: Ink, title: Style) -> Line:
    return row([(face.title, title)], [], width, ink("ink", GROUND))


def _detail(face: Face, width: int, ink: Ink, _title: Style) -> Line:
    return row([(face.detail, ink("muted", GROUND))], [], width, ink("ink", GROUND))


def _facts(face: Face, width: int, ink: Ink, _title: Style) -> Line:
    """What it waits for; else where it came from, its tags, and how long it has been here."""
    age = "" if face.blocked else face.age
    return row(
        _blocked(face, ink, width) or _origin(face, ink),
        [(age, ink("faint", GROUND))],
        width,
        ink("ink", GROUND),
        drop=True,
    )


def _when(face: Face, width: int, ink: Ink, _title: Style) -> Line:
    owner = _owner(face, ink)
    return row(_day(face, ink, width - wide(owner) - 1), owner, width, ink("ink", GROUND))


def _extra(face: Face, width: int, ink: Ink, _title: Style) -> Line:
    """The other fields that someone wants to see."""
    return row([(" · ".join(face.extra), ink("muted", GROUND))], [], width, ink("ink", GROUND))


def _name(face: Face, width: int, ink: Ink, title: Style) -> Line:
    """The title, and the detail where there is room for it."""
    parts: list[Part] = [(face.title, title)]
    parts += _rest(face.detail, width - cells(face.title), ink)
    return row(parts, [], width, ink("ink", GROUND))


def _state(face: Face, width: int, ink: Ink, _title: Style) -> Line:
    """The one line that a small card has for its state: late, else blocked, else due, else where it came from."""
    owner, blocked = _owner(face, ink), _blocked(face, ink)
    left = _day(face, ink, width - wide(owner) - 1) if face.late or not blocked else []
    if blocked and wide(left) + wide(blocked) + wide(owner) + 2 > width:  # the owner gives way before what it waits for
        left, owner = _day(face, ink, width // 2) if left else [], []
        blocked = _blocked(face, ink, width - wide(left) - bool(left))
    if blocked:
        left += [(" ", ink("ink", GROUND)), *blocked] if left else blocked
    if not left:
        left = [(face.channel, ink("muted", GROUND))]
    return row(left, owner, width, ink("ink", GROUND))


_COLUMNS: tuple[tuple[str, int, int], ...] = (("age", 7, 70), ("owner", 9, 48), ("due", 8, 28), ("amount", 9, 38))
"""Columns of a card on one line, their width, and from which width of the card on they stand there."""


def _list(face: Face, width: int, ink: Ink, title: Style) -> Line:
    """All on one line, in columns that stand one below the other: a sign, the ref, the title, what else has room."""
    ground = ink("ink", GROUND)
    ref = face.ref if width >= WHOLE_REF else face.ref.rpartition("-")[2]
    left: list[Part] = [*_sign(face, ink), (f"{ref} ", ink("faint", GROUND)), (face.title, title)]
    texts = {
        "amount": _amount(face, ink),
        "due": [(face.when, ink("late" if face.late else "muted", GROUND))],
        "owner": _owner(face, ink),
        "age": [(face.age, ink("faint", GROUND))],
    }
    right: Line = []
    for name, size, wanted in _COLUMNS:
        if width >= wanted:
            column = (texts[name], []) if name == "owner" else ([], texts[name])
            right += [Segment(" ", ground), *row(*column, size - 1, ground)]
    room = width - sum(segment.cell_length for segment in right)
    more = " · ".join((*([face.detail] if face.detail else ()), *face.extra))
    left += _rest(more, room - wide(left), ink)
    return [*row(left, [], room, ground), *right]


def _rest(text: str, room: int, ink: Ink) -> list[Part]:
    """What stands behind a title: whole, or as much of it as still says something, or nothing."""
    part = f" · {text}"
    return [(part, ink("muted", GROUND))] if text and room >= min(ROOM_FOR_DETAIL, cells(part)) else []


def _sign(face: Face, ink: Ink) -> list[Part]:
    """The one sign for a card's state that a list has room for; late before blocked before what matters."""
    for is_so, sign, color in (
        (face.late, MARKS["late"], "late"),
        (bool(face.blocked), MARKS["blocked"], "blocked"),
        (bool(MARKS[face.priority]), MARKS[face.priority], "warn"),
        (face.sensitive, MARKS["sensitive"], "muted"),
    ):
        if is_so:
            return [(f"{sign} ", ink(color, GROUND))]
    return [("  ", ink("ink", GROUND))]


_DRAW: dict[str, Callable[[Face, int, Ink, Style], Line]] = {
    "first": _first,
    "title": _title,
    "detail": _detail,
    "facts": _facts,
    "when": _when,
    "extra": _extra,
    "name": _name,
    "state": _state,
    "list": _list,
}


def _amount(face: Face, ink: Ink) -> list[Part]:
    return [(face.amount, ink("late" if face.alarm else "ink", GROUND))] if face.amount else []


def _blocked(face: Face, ink: Ink, room: int = 999) -> list[Part]:
    """What it waits for and how long; where there is little room the name is cut, and the time stays."""
    if not face.blocked:
        return []
    since = f" {face.waiting}" if face.waiting else ""
    name = clip(face.blocked, room - 2 - cells(since))
    return [
        (
            f"{MARKS['blocked']} {name}{since}" if cells(name) > 1 else f"{MARKS['blocked']}{since}",
            ink("blocked", GROUND),
        )
    ]


def _origin(face: Face, ink: Ink) -> list[Part]:
    parts: list[Part] = [(face.channel, ink("muted", GROUND))] if face.channel else []
    for tag in face.tags:
        parts.append((f" #{tag}" if parts else f"#{tag}", ink.tag(tag, GROUND)))
    return parts


def _day(face: Face, ink: Ink, room: int) -> list[Part]:
    """The day, with the word "due" where there is room for it; without a day at least that it is late."""
    mark = f"{MARKS['late']} " if face.late else ""
    if not face.when:
        return [(f"{mark}{_('late')}", ink("late", GROUND))] if face.late else []
    text = mark + (_("due {day}").format(day=face.when) if face.is_due else face.when)
    if cells(text) > room:
        text = mark + face.when
    return [(text, ink("late" if face.late else "muted", GROUND))]


def _owner(face: Face, ink: Ink) -> list[Part]:
    if not face.owner:
        return []
    if face.mine:
        return [(f"{MARKS['mine']} ", ink("accent", GROUND)), (face.owner, ink("ink", GROUND))]
    return [(face.owner, ink("muted", GROUND))]
