"""Ways out of the console that nobody chose: the terminal is put right, and odd bytes are no way out at all."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from e2e.program import Installed
from e2e.raw import PATIENCE, Raw

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("wheel")]


@pytest.fixture
def console(installed: Installed, tmp_path: Path) -> Raw:
    """The console on a workspace with one card."""
    installed.run("init", "shop", cwd=tmp_path)
    installed.run("-w", "shop", "card", "add", "orders", "Beans", cwd=tmp_path)
    program = Raw(installed.program, "-w", tmp_path / "shop")
    program.until(b"ORD-0001")
    return program


def test_a_terminated_console_leaves_the_terminal_as_it_was(console: Raw) -> None:
    os.kill(console.pid, signal.SIGTERM)
    assert console.ended() == 0
    end = console.said[-600:]
    assert b"\x1b[?1049l" in end, "back from the alternate screen"
    assert b"\x1b[?25h" in end, "the cursor is shown"
    assert b"\x1b[?1002l" in end, "the mouse is let go"


@pytest.mark.parametrize("keys", [b"", b"jLLu"])
def test_a_console_whose_terminal_is_gone_ends(console: Raw, keys: bytes) -> None:
    console.write(keys)
    assert console.hang_up() in (0, -signal.SIGHUP)


def test_bytes_that_are_no_text_do_not_end_the_session(console: Raw) -> None:
    console.write(b"\x1b[200~evil\x9b1m\xff\x1b[201~")
    end = time.monotonic() + PATIENCE
    while b"moved" not in console.said:  # a key that arrives together with such bytes may go with them
        for key in (
            b"\x1b",
            b"\x1b",
            b"L",
        ):  # the paste has opened a form; one esc for it, one for what was typed in it
            console.write(key)
            console.rest()
        assert time.monotonic() < end
    console.write(b"q")
    assert console.ended() == 0
    assert b"Traceback" not in console.said
