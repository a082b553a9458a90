"""Pastes are told from keys however the line cuts them up, and nothing in one is ever taken for a key."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.ui.keyboard import BEGIN, END, LONGEST, Keyboard, Keys, Pasted, harmless


def pieces(*chunks: bytes) -> list[Keys | Pasted]:
    keyboard = Keyboard()
    return [piece for chunk in chunks for piece in keyboard.feed(chunk)]


def paste(text: bytes) -> bytes:
    return BEGIN.encode() + text + END.encode()


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ([b"jk"], [Keys("jk")]),
        ([b"\x1b"], [Keys("\x1b")]),
        ([b"\x1b[A"], [Keys("\x1b[A")]),
        ([b"\x1b[", b"A"], [Keys("\x1b[A")]),
        ([b"\xff\x9bj\xc3", b"\xa9"], [Keys("j"), Keys("é")]),
        ([b"\xff"], []),
        ([paste(b"L")], [Pasted("L", 1)]),
        ([b"a" + paste(b"L") + b"b"], [Keys("a"), Pasted("L", 1), Keys("b")]),
        ([paste(b"")], [Pasted("", 0)]),
        ([paste(b"a\r\nb\rc\td")], [Pasted("a\nb\nc\td", 8)]),
        ([paste(b"x\xffy")], [Pasted("x\ufffdy", 3)]),
        ([b"\x1b", b"[200~LL", b"L" + END.encode()], [Keys("\x1b"), Keys("[200~" + END), Pasted("LLL", 3)]),
        ([paste(b"\x1bLLL\x1b[AqX\x1b]52;c;eA==\x07\x07\x9b1m\x00\x03end")], None),
    ],
)
def test_keys_and_pastes_are_told_apart(chunks: list[bytes], expected: list[Keys | Pasted] | None) -> None:
    if expected is not None:
        assert pieces(*chunks) == expected
    else:
        (only,) = pieces(*chunks)
        assert isinstance(only, Pasted)
        assert only.text.isprintable()


@given(st.binary(max_size=60), st.lists(st.integers(1, 70), max_size=6))
def test_however_a_paste_is_cut_up_it_is_one_paste(text: bytes, cuts: list[int]) -> None:
    text = text.replace(b"\x1b", b"^")
    whole = b"j" + paste(text) + b"k"
    edges = [0, *sorted(cut for cut in set(cuts) if 2 < cut < len(whole)), len(whole)]
    cut_up = pieces(*(whole[a:b] for a, b in pairwise(edges)))
    assert [piece for piece in cut_up if isinstance(piece, Pasted)] == [
        piece for piece in pieces(whole) if isinstance(piece, Pasted)
    ]
    assert "".join(piece.text for piece in cut_up if isinstance(piece, Keys)) == "jk"


@given(st.text())
def test_what_is_pasted_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    kept = harmless(text)
    assert not [c for c in kept if unicodedata.category(c) == "Cc" and c not in "\n\t"]


@pytest.mark.parametrize("text", ["two\nlines", "👩\u200d👩\u200d👧 漢字 ไทย شحنة", "tab\there"])
def test_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_paste_without_end_is_counted_and_not_kept() -> None:
    keyboard = Keyboard()
    list(keyboard.feed(BEGIN.encode()))
    for _n in range(30):
        list(keyboard.feed(b"x" * (LONGEST // 10)))
    assert list(keyboard.feed(END.encode())) == [Pasted("", 3 * LONGEST)]
