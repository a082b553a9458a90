"""A whole sitting in a real terminal, from the first start to the end: by keys alone, and again by the mouse.

The steps are data: what is done, and what is seen then. A new feature is a line more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.cells import cell_len

from e2e.program import Installed
from e2e.tmux import Tmux

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("wheel")]
CARD = r"ORD-\d{4}"
SIZES = [(80, 24), (160, 45)]


@dataclass(frozen=True)
class Step:
    """What is done and what is seen after it.

    `do` is `press` (tmux's names of keys), `type` (a text), `click`, `double` (a pattern on the screen) or `drag` (from
    one pattern to another).
    """

    do: str
    what: tuple[str, ...]
    seen: tuple[str, ...] = ()
    gone: tuple[str, ...] = field(default=())

    def play(self, terminal: Tmux) -> None:
        """Do it and wait for what is to be seen."""
        getattr(terminal, self.do)(*self.what)
        if self.seen:
            terminal.until(*self.seen)
        if self.gone:
            terminal.until(*self.gone, gone=True)


BY_KEYS = (
    Step("press", ("/",), ("enter keep the filter",)),
    Step("type", ("is:open",), ("/ is:open", "cards")),
    Step("press", ("Enter",), ("? help",), ("keep the filter",)),
    Step("press", ("L",), ("moved ORD-", "to Payment")),
    Step("press", ("u",), ("undone: moved ORD-",)),
    Step("press", ("C-r",), ("done again: moved ORD-",)),
    Step("press", ("u",), ("undone: moved ORD-",)),
    Step("press", ("c",), ("Comment on ORD-", "esc cancel")),
    Step("type", ("called the customer",), ("called the customer",)),
    Step("press", ("C-s",), ("commented on ORD-",), ("esc cancel",)),
    Step("press", ("Enter",), ("Timeline", "called the customer")),
    Step("press", ("Escape",), ("New", "Payment"), ("Timeline",)),
    Step("press", ("Escape",), ("New 3",), ("/ is:open",)),
    Step("press", ("C-t",), ("Theme", "enter keep")),
    Step("press", ("j",), ("light",)),
    Step("press", ("Enter",), ("the theme is light from now on",)),
    Step("press", ("?",), ("Move about",)),
    Step("press", ("Escape",), ("ORD-",), ("Move about",)),
    Step("press", ("2",), ("CMP-",)),
    Step("press", ("1",), ("ORD-", "New 3")),
)

BY_MOUSE = (
    Step("click", (r"2 Campaigns",), ("CMP-",)),
    Step("click", (r"1 Orders",), ("ORD-", "New 3")),
    Step("drag", (CARD, r"Payment \d"), ("moved ORD-", "to Payment", "New 2")),
    Step("double", (CARD,), ("Timeline",)),
)
WIDE_BY_MOUSE = (
    *BY_MOUSE,
    Step("press", ("Escape",), ("Delayed",), ("Timeline",)),
    Step("click", (r"Delayed",), ("/ is:late", "cards")),
)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("hands", ["keys", "mouse"])
def test_a_sitting(installed: Installed, tmp_path: Path, size: tuple[int, int], hands: str) -> None:
    steps = BY_KEYS if hands == "keys" else WIDE_BY_MOUSE if size[0] >= 120 else BY_MOUSE
    with Tmux([installed.program, "demo", "--keep", tmp_path / "shop"], size=size, cwd=tmp_path) as terminal:
        terminal.until("1 Order", "ORD-", "? help")
        for step in steps:
            step.play(terminal)
            assert size[0] * 3 // 4 < max(map(cell_len, terminal.screen().splitlines())) <= size[0], step
        terminal.press("q")
        assert terminal.until_over() == 0
    installed.run("-w", "shop", "doctor", cwd=tmp_path)
