"""Strokes in either order draw the same; the shorter one is sent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from opstui.ui.looks import PLAIN, Look
from opstui.ui.strokes import MANY, Place, Strokes, _by_look, _spoken
from ui.terminals import Glass

SIZE = (24, 8)
RED, BLUE = Look((), "38;2;200;0;0", "48;2;1;1;1"), Look(("1",), "38;2;0;0;200", "48;2;1;1;1")
LOOKS = st.sampled_from((PLAIN, RED, BLUE, Look(("4",), "", ""), Look((), "31", "48;2;9;9;9")))
CELLS = st.lists(st.tuples(st.sampled_from((("a",), (" ",), ("漢", ""), ("é",))), LOOKS), max_size=8)


def drawn(words: str) -> Glass:
    glass = Glass(*SIZE)
    glass.feed(words)
    return glass


def strokes_of(lines: dict[int, list[tuple[tuple[str, ...], Look]]], passed_on: set[int]) -> Strokes:
    strokes = Strokes()
    for y, cells in sorted(lines.items()):
        chars = [char for text, _look in cells for char in text]
        strokes.put((y % 3, y), chars, [look for text, look in cells for _char in text])
        if y in passed_on:
            strokes.pass_on((20, y), "\x1b[31mx\x1b[0m")
    return strokes


@given(st.dictionaries(st.integers(0, SIZE[1] - 1), CELLS), st.sets(st.integers(0, SIZE[1] - 1)))
def test_either_order_draws_the_same(lines: dict[int, list[tuple[tuple[str, ...], Look]]], passed_on: set[int]) -> None:
    strokes = strokes_of(lines, passed_on)
    one, other = (drawn(_spoken(each, None, (0, 0))) for each in (strokes._all, _by_look(strokes._all)))
    assert one.seen() == other.seen() == drawn(strokes.words(None, (0, 0))).seen()
    assert (one.attributes, one.ink, one.paper) == (frozenset(), "", "")


def striped(lines: int) -> Strokes:
    strokes = Strokes()
    for y in range(lines):
        for x in range(0, 20, 4):
            strokes.put((x, y), "abcd", [RED, RED, BLUE, BLUE])
    return strokes


def test_many_strokes_of_few_looks_say_each_look_once() -> None:
    words = striped(4).words(None, (0, 0))
    assert words.count("38;2;200;0;0") == words.count("38;2;0;0;200") == 1


def test_few_strokes_are_said_as_one_reads() -> None:
    assert MANY > 10
    words = striped(1).words((0, 0), (0, 0))
    assert [letter for letter in words if letter in "abcd"] == list("abcd" * 5)


def test_blanks_join_what_they_look_like() -> None:
    strokes = Strokes()
    blank_red = Look((), "", RED.paper)
    strokes.put((0, 0), "  ab  cd", [blank_red] * 2 + [RED] * 2 + [blank_red] * 2 + [BLUE] * 2)
    assert [(s.x, s.text, s.look) for s in strokes._all] == [(0, "  ab  ", RED), (6, "cd", BLUE)]


def test_where_the_cursor_stands_needs_no_jump() -> None:
    at: Place = (3, 2)
    strokes = Strokes()
    strokes.put(at, "ab", [PLAIN, PLAIN])
    assert strokes.words(at, (5, 2)) == "ab"
    assert strokes.words(None, (0, 2)) == "\x1b[3;4Hab\x1b[1G"
    assert Strokes().words(at, at) == ""
