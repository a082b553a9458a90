"""The measuring itself: what counts as a change, what a key costs, how a figure stands to its budget."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.emulator import Emulator
from bench.rows import Row, in_turns, p95, p99
from bench.shop import make_shop
from bench.terminal import Ended, Terminal

ECHO = """
import os, sys, termios, time, tty
tty.setraw(0)
os.write(1, b"\\x1b[?2026$p\\x1b[6n")
answers = b""
while answers.count(b"y") < 1 or answers.count(b"R") < 1:
    answers += os.read(0, 100)
os.write(1, b"\\x1b[2J\\x1b[Hready")
while (key := os.read(0, 1)) != b"q":
    if key == b"s":
        time.sleep(0.08)
    os.write(1, b"\\x1b[?25l" if key == b"n" else b"\\x1b[2;1H" + key)
"""


@pytest.mark.parametrize(
    ("chunks", "changed", "text"),
    [
        ([b"abc"], [True], "abc"),
        ([b"abc", b"\x1b[Habc"], [True, False], "abc"),
        ([b"abc", b"\x1b[?25l"], [True, False], "abc"),
        ([b"a\x1b[>1u\x1bP+q\x1b\\\x1b]11;?\x07b"], [True], "ab"),
        ([b"a\x1b[3", b"1mb"], [True, True], "ab"),
        ([b"a\x1b[?2026$", b"pb"], [True, True], "ab"),
        (["é".encode()[:1], "é".encode()[1:]], [False, True], "é"),
        ([b"a", b"\x1b[H\x1b[1ma"], [True, True], "a"),
    ],
)
def test_only_a_cell_that_is_different_is_a_change(chunks: list[bytes], changed: list[bool], text: str) -> None:
    emulator = Emulator(10, 2)
    assert [emulator.feed(chunk) for chunk in chunks] == changed
    assert emulator.text.split() == [text]


def test_a_program_is_answered_like_by_a_terminal_and_its_keys_are_measured() -> None:
    with Terminal([sys.executable, "-c", ECHO], size=(20, 4)) as terminal:
        assert 0 < terminal.until("ready") < 60_000
        quick, slow, hidden = terminal.key("a"), terminal.key("s", quiet=0.2), terminal.key("n", patience=0.3)
        assert quick.ms is not None
        assert slow.ms is not None
        assert slow.ms >= 80
        assert quick.size == slow.size == len("\x1b[2;1Ha")
        assert (hidden.ms, hidden.size) == (None, len("\x1b[?25l"))
        assert terminal.memory().rss > terminal.memory().pss > 1
        assert terminal.text.split() == ["ready", "s"]


def test_a_program_that_goes_away_is_told_with_what_it_said_last() -> None:
    with (
        Terminal([sys.executable, "-c", "raise SystemExit('no workspace here')"]) as terminal,
        pytest.raises(Ended, match="no workspace here"),
    ):
        terminal.until("ready")


@pytest.mark.parametrize(
    ("row", "ratio", "terms", "verdict"),
    [
        (Row("a", 3.0, 2.0, "ms", 1.5), 1.5, "1.5 x", "ok"),
        (Row("a", 3.3, 2.0, "ms", 1.5), 1.65, "1.5 x", "over by 10 %"),
        (Row("a", 3.01, 2.0, "ms", 1.5), 1.505, "1.5 x", "over by 1 %"),
        (Row("a", 3.0, 2.0, "ms"), 1.5, "", ""),
        (Row("a", 300.0, None, "bytes", 400), None, "400 bytes", "ok"),
        (Row("a", 500.0, None, "bytes", 400), None, "400 bytes", "over by 25 %"),
        (Row("a", 20.0, 1.0, "ms", limit=20), 20.0, "20 ms", "ok"),
        (Row("a", 60.0, 90.0, "ms", limit=20), 60 / 90, "20 ms", "over by 200 %"),
        (Row("a", 0.0, None, "lost", limit=0), None, "0 lost", "ok"),
        (Row("a", 1.0, None, "lost", limit=0), None, "0 lost", "over"),
    ],
)
def test_a_row_stands_to_its_budget(row: Row, ratio: float | None, terms: str, verdict: str) -> None:
    assert (row.ratio, row.terms, row.verdict) == (ratio, terms, verdict)


def test_measures_are_taken_in_turns() -> None:
    asked: list[str] = []
    figures = iter([1.0, 10.0, 5.0, 30.0, 2.0, 20.0])

    def measure(name: str) -> float:
        asked.append(name)
        return next(figures)

    assert in_turns(3, lambda: measure("a"), lambda: measure("b")) == [2.0, 20.0]
    assert asked == ["a", "b"] * 3


def test_the_percentiles() -> None:
    assert p95([7.0]) == p99([7.0]) == 7.0
    assert p95([1.0, 2.0, 3.0]) <= 3.0
    assert 95 <= p95([float(n) for n in range(1, 101)]) <= 96
    assert 99 <= p99([float(n) for n in range(1, 101)]) <= 100


def test_a_shop_is_the_same_every_time(tmp_path: Path) -> None:
    first, again = (make_shop(tmp_path / name, 60) for name in ("a", "b"))
    journals = [(shop / "data" / "journal" / "00000001.jsonl").read_text("utf-8") for shop in (first, again)]
    assert len(journals[0]) > 60 * 100
    assert journals[0] == journals[1]
