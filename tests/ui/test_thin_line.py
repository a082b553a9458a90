"""What is sent in place of Textual's frames: never another picture, and seldom more than what changed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size

from opstui.ui.cells import WIDTHS, cells
from opstui.ui.looks import PLAIN, Look, blank, for_blank, look, step
from opstui.ui.thin_line import SYNC_END, SYNC_START, ThinLine
from ui.terminals import Glass, pairs

SIZE = (20, 5)
RED, BOLD = "38;2;255;0;0", "1;38;2;255;0;0;48;2;0;0;9"


def run(x: int, y: int, *pieces: tuple[str, str], end: str = "") -> str:
    """A place and what is written there, as Textual words it."""
    words = "".join(f"\x1b[{sgr}m{text}\x1b[0m" if sgr else text for sgr, text in pieces)
    return f"\x1b[{y + 1};{x + 1}H{words}{end}"


def frame(*runs: str, cursor: tuple[int, int] = (0, 0)) -> str:
    return "".join((*runs, run(*cursor)))


def sent(*frames: str, line: ThinLine | None = None) -> list[str]:
    line = line or ThinLine()
    return [line.thin(data, SIZE) for data in frames]


# ------------------------------------------------------------------------------------------ looks


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("1", Look(("1",), "", "")),
        ("1;38;2;1;2;3;48;5;9", Look(("1",), "38;2;1;2;3", "48;5;9")),
        ("4;97;100", Look(("4",), "97", "100")),
        ("39;49", PLAIN),
        ("38;2;1", None),
        ("38;9;1", None),
        ("21", None),
        ("0", None),
    ],
)
def test_a_look_is_what_textual_says_or_not_known(words: str, expected: Look | None) -> None:
    assert look(words) == expected


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [
        ("1", "1", ""),
        ("1;31", "", "\x1b[m"),
        ("38;2;1;2;3;48;2;4;5;6", "38;2;7;8;9;48;2;4;5;6", "\x1b[38;2;7;8;9m"),
        ("1;38;2;1;2;3;48;2;4;5;6", "38;2;1;2;3;48;2;4;5;6", "\x1b[22m"),
        ("1;2", "2", "\x1b[0;2m"),
        ("31;41", "41", "\x1b[39m"),
        ("1;3;4;7;31;41", "9", "\x1b[0;9m"),
    ],
)
def test_a_step_says_only_what_is_different(now: str, then: str, words: str) -> None:
    old, new = (look(each) if each else PLAIN for each in (now, then))
    assert old is not None
    assert new is not None
    assert step(old, new) == words


LOOKS = st.builds(
    Look,
    st.lists(st.sampled_from("12345789"), unique=True, max_size=3).map(tuple),
    st.sampled_from(("", "31", "38;5;200", "38;2;1;2;3")),
    st.sampled_from(("", "44", "48;5;200", "48;2;1;2;3")),
)


@given(LOOKS, LOOKS)
def test_a_step_ends_in_the_wanted_look(old: Look, new: Look) -> None:
    glass = Glass(*SIZE)
    for wanted, words in ((old, step(PLAIN, old)), (new, step(old, new)), (PLAIN, step(new, PLAIN))):
        glass.feed(words)
        assert (glass.attributes, glass.ink, glass.paper) == (frozenset(wanted.attributes), wanted.ink, wanted.paper)
    assert blank(for_blank(old, new)) == blank(new)


# ------------------------------------------------------------------------------------------ cells


@pytest.mark.parametrize(
    ("char", "width"),
    [
        *((char, 1) for char in "a ~é×…│▌▁✓⇧→●─Жβ"),
        *((char, 2) for char in "漢あ한，＋"),
        *((char, 0) for char in "\u0301\u200d\ufe0f\u200b\xad\ue000\u0378\udc80אب\u093c\u094d🙂✅🏽🇮"),
    ],
)
def test_a_width_is_known_where_all_terminals_agree(char: str, width: int) -> None:
    assert WIDTHS[char] == width


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ab", (["a", "b"], [PLAIN] * 2)),
        ("\x1b[1ma\x1b[0m漢", (["a", "漢", ""], [look("1"), PLAIN, PLAIN])),
        ("a🙂", "a🙂"),
        ("\u0301a", None),
        ("a\tb", None),
        ("a\x9b1mb", None),
        ("\x1b[1ma", None),
        ("\x1b[21ma\x1b[0m", None),
        ("\x1b]8;;https://example.org\x1b\\a\x1b]8;;\x1b\\", None),
    ],
)
def test_a_run_is_taken_apart_or_left_whole_or_not_understood(words: str, expected: object) -> None:
    assert cells(words) == expected


# --------------------------------------------------------------------------------------- the line


def test_only_what_changed_is_sent() -> None:
    line = ThinLine()
    board = [run(0, y, (RED, "card"), ("48;5;3", " " * 16), end="\n" * (y < 4)) for y in range(5)]
    (first,) = sent(frame(*board), line=line)
    assert len(first) < len(frame(*board))
    moved = [*board[:2], run(0, 2, (RED, "cart"), ("48;5;3", " " * 16), end="\n"), *board[3:]]
    assert sent(frame(*board), frame(*moved), line=line) == ["", "\x1b[3;4H\x1b[38;2;255;0;0mt\x1b[m\x1b[1;1H"]
    assert sent(frame(run(3, 2, (RED, "d"))), line=line) == ["\x1b[3;4H\x1b[38;2;255;0;0md\x1b[m\x1b[1;1H"]
    assert sent(frame(cursor=(3, 0)), frame(cursor=(3, 0)), line=line) == ["\x1b[4G", ""]


def test_near_changes_go_as_one_and_blanks_in_any_ink_are_the_same() -> None:
    line = ThinLine()
    sent(frame(run(0, 0, ("", "abcdefghijklmnop"))), frame(run(0, 1, (RED, "    "))), line=line)
    changed = frame(run(0, 0, ("", "AbcDefghijklmnoP")))
    assert sent(changed, line=line) == ["AbcD\x1b[16GP\x1b[1G"]
    assert sent(frame(run(0, 1, ("1;31", "    "))), line=line) == [""]


def test_an_update_with_nothing_in_it_is_not_begun() -> None:
    line = ThinLine()
    drawn = frame(run(0, 0, ("", "a")))
    assert sent(SYNC_START, drawn, SYNC_END, line=line) == ["", f"{SYNC_START}\x1b[1;1Ha\x1b[1G", SYNC_END]
    assert sent(SYNC_START, drawn, SYNC_END, line=line) == ["", "", ""]


@pytest.mark.parametrize(
    ("between", "again"),
    [
        ("\x1b[?1003h", ""),
        ("\x1b[?2026$p", ""),
        ("\x1b[>25u", ""),
        ("\x07", ""),
        ("\x1b]52;c;T1JE\x07", ""),
        ("\x1b]22;pointer\x1b\\", ""),
        ("\x1b]2;Orders", "all"),
        ("\x1b]2;a\x07\x1b[2J\x07", "all"),
        ("\x1b[?1049h", "all"),
        ("\x1b[?7h", "all"),
        ("\x1b[2J", "all"),
        ("\x1b]2;\n\x07", "all"),
        ("printed", "all"),
        ("\x1b[1;1H\x1b[5mx", "all"),
    ],
)
def test_what_may_have_changed_the_screen_is_passed_on_and_all_is_forgotten(between: str, again: str) -> None:
    drawn = frame(run(0, 0, ("", "abc")))
    _first, passed, after = sent(drawn, between, drawn)
    assert passed == between
    assert after == (again and "\x1b[1;1Habc\x1b[1G")


@pytest.mark.parametrize("odd", ["\t", "\x1b[3C", "\r", "\x1b]8;;x\x07y\x1b]8;;\x07"])
def test_a_frame_with_something_odd_in_it_goes_through_as_it_is(odd: str) -> None:
    drawn = frame(run(0, 0, ("", "abc")), run(0, 1, ("", f"a{odd}b")))
    assert sent(drawn, drawn) == [drawn, drawn]


@pytest.mark.parametrize("place", [(18, 0), (0, 5), (20, 0)])
def test_a_frame_of_another_size_goes_through_as_it_is(place: tuple[int, int]) -> None:
    drawn = frame(run(*place, ("", "abc")))
    assert sent(drawn, drawn) == [drawn, drawn]
    scrolls = frame(run(0, 4, ("", "abc"), end="\n"))
    assert sent(scrolls) == [scrolls]


def test_a_new_size_or_being_told_so_forgets_everything() -> None:
    line = ThinLine()
    drawn, whole = frame(run(0, 0, ("", "abc"))), "\x1b[1;1Habc\x1b[1G"
    assert [line.thin(drawn, size) for size in ((20, 5), (20, 5), (20, 6), (20, 6))] == [whole, "", whole, ""]
    line.forget()
    assert [line.thin(drawn, (20, 6)) for _n in range(2)] == [whole, ""]


# ----------------------------------------------------------------------------------- the same picture

TORN = (
    (run(0, 0, ("", "漢字")), run(1, 0, ("", "c")), run(0, 0, ("", "漢字"))),
    (run(0, 0, ("", "漢字")), run(3, 0, ("", "c")), run(0, 0, ("", "漢字"))),
    (run(0, 0, ("", "a漢")), run(0, 0, ("", "字")), run(1, 0, ("", "漢"))),
    (run(4, 0, ("", "字")), run(0, 0, ("", "abc漢")), run(0, 0, ("", "abcd")), run(5, 0, ("", "e"))),
    (run(0, 0, ("", "漢b字")), run(0, 0, ("", "aa字 "))),
)


@pytest.mark.parametrize("stream", TORN)
def test_a_wide_character_that_is_torn_is_drawn_again(stream: tuple[str, ...]) -> None:
    line, terminals = ThinLine(), pairs(*SIZE)
    for each in stream:
        words = line.thin(frame(each), SIZE)
        for pair in terminals:
            pair.feed(frame(each), words)
            assert pair.differences() == []


def test_the_cursor_stands_where_it_should_after_a_wide_character() -> None:
    line, terminals = ThinLine(), pairs(*SIZE)
    for data in (frame(run(0, 0, ("", "漢")), cursor=(1, 0)), frame(run(0, 0, ("", "字")), cursor=(1, 0))):
        words = line.thin(data, SIZE)
        for pair in terminals:
            pair.feed(data, words)
            assert pair.differences() == []


ALPHABET = "ab  ─█▌✓漢한，é\u0301\u200d\ufe0f🙂👩🏽🇮❤क्אب\ue000"
STYLES = ("", RED, BOLD, "48;2;0;0;9", "7", "4;31", "9", "2;3;48;5;7", "30;107")
ODDITIES = (
    SYNC_START,
    SYNC_END,
    "\x1b[?1049h",
    "\x1b[2J",
    "\x1b]2;title\x07",
    "\x1b[?25l",
    "\x1b[2;3H\x1b[0mloose\ttext\r\x1b[0m",
    "\x1b[1;2H\x1b[21mtwice\x1b[0m\x1b[1;1H",
)


@dataclass(frozen=True)
class Resize:
    columns: int
    lines: int


pieces = st.lists(st.tuples(st.sampled_from(STYLES), st.text(ALPHABET, min_size=1, max_size=9)), min_size=1, max_size=4)
runs = st.tuples(st.integers(0, 11), st.integers(0, 5), pieces)
frames = st.lists(runs, min_size=1, max_size=6)
steps = st.one_of(
    frames, frames, frames, st.sampled_from(ODDITIES), st.builds(Resize, st.integers(8, 24), st.integers(3, 7))
)


def fitting(x: int, room: int, drawn: list[tuple[str, str]]) -> str:
    """The pieces, as far as there is room."""
    found = []
    for sgr, text in drawn:
        cut = text if cell_len(text) <= room else set_cell_size(text, room)
        room -= cell_len(cut)
        found += [(sgr, cut)] if cut else []
    return "".join(f"\x1b[{sgr}m{text}\x1b[0m" if sgr else text for sgr, text in found)


@given(st.lists(steps, min_size=1, max_size=12))
@settings(max_examples=150)
def test_any_stream_ends_in_the_picture_that_stock_output_gives(stream: list[object]) -> None:
    columns, lines = SIZE
    line, terminals = ThinLine(), pairs(*SIZE)
    for each in stream:
        if isinstance(each, Resize):
            columns, lines = each.columns, each.lines
            for pair in terminals:
                pair.resize(columns, lines)
            continue
        if isinstance(each, str):
            data = each
        else:
            assert isinstance(each, list)
            places = [(x, y, fitting(x, columns - x, drawn)) for x, y, drawn in each if x < columns and y < lines]
            data = "".join(f"\x1b[{y + 1};{x + 1}H{words}" for x, y, words in places) + "\x1b[1;1H"
        words = line.thin(data, (columns, lines))
        for pair in terminals:
            pair.feed(data, words)
            assert pair.differences() == []
