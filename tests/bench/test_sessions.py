"""Many sessions at once: whose word came when, who did not say it, and what was sent unasked."""

from __future__ import annotations

import sys
import time

import pytest

from bench.crowd import Crowd
from bench.sessions import _unasked

PARROT = """
import os, sys, tty
tty.setraw(0)
os.write(1, b"ready")
while key := os.read(0, 1):
    half = key * 3
    os.write(1, half)
    os.write(1, half)
"""
PROGRAM = (sys.executable, "-c", PARROT)


def test_a_word_is_found_in_every_session_also_in_pieces() -> None:
    begun = time.perf_counter()
    with Crowd(PROGRAM, 3) as crowd:
        assert all(begun < at < time.perf_counter() for at in crowd.when("ready"))
        asked = time.perf_counter()
        for terminal in crowd.terminals:
            terminal.press("A")
        assert all(at > asked for at in crowd.when("A{6}"))
        assert [sum(size for _at, size in sent) for sent in crowd.sent] == [len("readyAAAAAA")] * 3


def test_who_does_not_say_it_is_counted() -> None:
    with Crowd(PROGRAM, 2) as crowd:
        crowd.when("ready")
        crowd.terminals[0].press("B")
        with pytest.raises(TimeoutError, match="B: 1 of 2"):
            crowd.when("B", patience=0.3)


@pytest.mark.parametrize(
    ("sent", "unasked"),
    [
        ([], 0),
        ([(1.0, 40)], 0),
        ([(1.0, 40), (1.1, 2)], 0),
        ([(1.0, 40), (9.0, 300)], 40),
        ([(1.0, 40), (1.2, 5), (9.0, 300), (20.0, 7)], 345),
    ],
)
def test_one_thing_may_be_sent_for_the_clock(sent: list[tuple[float, int]], unasked: int) -> None:
    assert _unasked(sent) == unasked
