"""What is said to the terminal beside its screen: whatever people wrote, it ends where it should."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.ui.escapes import COPIED, TITLE, copy, has_title, title

PLAIN = {"TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("term", "has"),
    [
        ("xterm-256color", True),
        ("tmux-256color", True),
        ("screen", True),
        ("linux", False),
        ("dumb", False),
        ("", False),
    ],
)
def test_a_plain_console_has_no_title(term: str, has: bool) -> None:
    assert has_title({"TERM": term}) is has


@given(st.text())
def test_a_title_is_one_line_that_nothing_in_it_can_end(text: str) -> None:
    said = title(text)
    assert said.startswith("\x1b]2;")
    assert said.endswith("\x07")
    inside = said[4:-1]
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", inside)
    assert len(inside) <= TITLE


@given(st.text(max_size=200))
def test_what_is_copied_is_wrapped_so_that_nothing_in_it_is_obeyed(text: str) -> None:
    said = copy(text, PLAIN)
    found = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", said)
    assert found
    assert base64.b64decode(found[1]) == text.encode("utf-8", "replace")


def test_tmux_is_told_both_ways() -> None:
    plain = copy("ORD-0042", PLAIN)
    for world in ({"TMUX": "/tmp/x,1,0", "TERM": "screen"}, {"TERM": "tmux-256color"}):
        said = copy("ORD-0042", world)
        assert said == plain + "\x1bPtmux;\x1b" + plain + "\x1b\\"


def test_screen_passes_it_on_in_pieces() -> None:
    said = copy("x" * 900, {"TERM": "screen", "STY": "1.pts"})
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", said, re.DOTALL)
    assert "".join(pieces) == copy("x" * 900, PLAIN)
    assert max(map(len, pieces)) <= 250
    assert len(pieces) > 4


def test_more_than_terminals_take_is_refused() -> None:
    with pytest.raises(ValueError, match=str(COPIED + 1)):
        copy("x" * (COPIED + 1), PLAIN)
