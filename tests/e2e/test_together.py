"""Several people and programs at one workspace: nothing is lost, and everyone sees what the others did."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from e2e.program import Installed
from e2e.tmux import Tmux

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("wheel")]


@pytest.fixture
def shop(installed: Installed, tmp_path: Path) -> Path:
    """A workspace of its own."""
    installed.run("init", "shop", cwd=tmp_path)
    return tmp_path / "shop"


def refs(installed: Installed, shop: Path, stage: str) -> list[str]:
    board = json.loads(installed.run("-w", shop, "board", "orders", "--json", cwd=shop).stdout)
    return [card["id"] for row in board["stages"] if row["id"] == stage for card in row["cards"]]


def test_forty_adds_eight_at_a_time_are_forty_cards(installed: Installed, shop: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        said = list(
            pool.map(lambda n: installed.run("-w", shop, "card", "add", "orders", f"Order {n}", cwd=shop), range(40))
        )
    ids = sorted(answer.stdout.strip() for answer in said)
    assert ids == [f"ORD-{n:04d}" for n in range(1, 41)]
    assert sorted(refs(installed, shop, "new")) == ids


@pytest.fixture
def two_consoles(installed: Installed, shop: Path) -> Iterator[tuple[Tmux, Tmux]]:
    """Two people looking at the same two cards."""
    for title in ("Beans", "Filters"):
        installed.run("-w", shop, "card", "add", "orders", title, cwd=shop)
    with ExitStack() as stack:
        one, other = (stack.enter_context(Tmux([installed.program, "-w", shop], size=(120, 36))) for _ in range(2))
        for terminal in (one, other):
            terminal.until("ORD-0001", "ORD-0002")
        yield one, other


def test_two_consoles_move_different_cards_at_once(
    installed: Installed, shop: Path, two_consoles: tuple[Tmux, Tmux]
) -> None:
    one, other = two_consoles
    other.press("j")
    one.press("L")
    other.press("L")
    for terminal in (one, other):
        terminal.until("Payment 2")
    assert sorted(refs(installed, shop, "payment")) == ["ORD-0001", "ORD-0002"]


def test_two_consoles_in_one_text_field_are_shown_the_conflict(two_consoles: tuple[Tmux, Tmux]) -> None:
    one, other = two_consoles
    for terminal in (one, other):
        terminal.press("e")
        terminal.until("Title", "ctrl+o")
    one.press("Arabica", "C-o")
    one.until("Arabica", "undo")
    other.press("Robusta", "C-o")
    other.until("Arabica", "Robusta", "heirs")


def test_a_killed_writer_keeps_every_card_it_had_told(installed: Installed, shop: Path) -> None:
    code = (
        "import sys; from opstui.cli import run\n"
        f"for n in range(10_000): run(['-w', {str(shop)!r}, 'card', 'add', 'orders', f'Order {{n}}'])"
    )
    for _turn in range(4):
        with subprocess.Popen(
            [installed.folder / "bin" / "python", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as writer:
            assert writer.stdout is not None
            told = [writer.stdout.readline() for _ in range(7)]
            os.kill(writer.pid, signal.SIGKILL)
            told += writer.stdout.readlines()
        whole = {line.decode().strip() for line in told if line.endswith(b"\n")}
        assert len(whole) >= 7
        assert whole <= set(refs(installed, shop, "new"))
