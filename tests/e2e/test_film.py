"""A whole sitting in a real terminal, from the first start, without a workspace, to the end.

By keys alone, and again by the mouse. The steps are data: what is done, and what is seen then.
A new feature is a line more.
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

    `do` is `press` (tmux's names of keys), `type` (a text), `click`, `double`, `mark` (a pattern on the screen), `drag`
    (from one pattern to another) or `wheel` (over a pattern, until another is there).
    """

    do: str
    what: tuple[str, ...]
    seen: tuple[str, ...] = ()
    gone: tuple[str, ...] = field(default=())

    def play(self, terminal: Tmux) -> None:
        """Do it and wait for what is to be seen."""
        if self.what:
            getattr(terminal, self.do)(*self.what)
        if self.seen:
            terminal.until(*self.seen)
        if self.gone:
            terminal.until(*self.gone, gone=True)


START = Step("press", (), ("Look at a sample shop", "Make a workspace"))
BY_KEYS = (
    START,
    Step("press", ("d",), ("1 Order", "ORD-", "sample shop, in")),
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
    Step("press", ("Space", "Space"), ("2 selected",)),
    Step("press", ("a",), ("Who does 2 cards?", "esc cancel")),
    Step("type", ("budi",), ("budi",)),
    Step("press", ("Enter",), ("2 selected",), ("Who does",)),
    Step("press", ("M",), ("Stock",)),
    Step("press", ("p",), ("moved 2 cards",)),
    Step("press", ("u",), ("undone: moved 2 cards",)),
    Step("press", ("Escape",), (), ("2 selected",)),
    Step("press", ("Escape",), ("New 3",), ("/ is:open",)),
    Step("press", ("C-t",), ("Theme", "enter keep")),
    Step("press", ("j",), ("light",)),
    Step("press", ("Enter",), ("the theme is light from now on",)),
    Step("press", ("?",), ("Move about",)),
    Step("press", ("Escape",), ("ORD-",), ("Move about",)),
    Step("press", ("2",), ("CMP-",)),
    Step("press", ("1",), ("ORD-", "New 3")),
    Step("press", ("q",)),
)


def palette(row: str, *seen: str) -> tuple[Step, ...]:
    """What the palette offers, by the mouse."""
    return (
        Step("click", (r"(ctrl\+p|\^p) palette",), ("type a few letters",)),
        Step("wheel", (r"open the card; enter again", row)),
        Step("click", (row,), seen, ("type a few letters",)),
    )


BY_MOUSE = (
    START,
    Step("double", (r"Look at a sample shop",), ("1 Order", "ORD-", "? help")),
    Step("click", (r"sample shop, in",), ("palette", "? help"), ("sample shop, in",)),
    *palette(r"ctrl.t +theme", "enter keep"),
    Step("double", (r"light",), ("the theme is light from now on",)),
    Step("click", (r"2 Campaigns",), ("CMP-",)),
    Step("click", (r"1 Orders",), ("ORD-", "New 3")),
    Step("drag", (CARD, r"Payment \d"), ("moved ORD-", "to Payment", "New 2")),
    *palette(r"take back your", "undone: moved ORD-", "New 3"),
    Step("click", (r"undone: moved",), (), ("undone: moved",)),
    Step("mark", (CARD,), ("1 selected",)),
    Step("mark", (CARD + r"(?!.*" + CARD + r")(?s:.*)",), ("2 selected",)),
    Step("drag", (CARD, r"Payment \d"), ("moved 2 cards",)),
    *palette(r"take back your", "undone: moved 2 cards"),
    Step("click", (r"undone: moved 2",), (), ("undone: moved 2",)),
    *palette(r"esc +close"),
    Step("press", (), (), ("2 selected",)),
    Step("double", (CARD,), ("Timeline",)),
    Step("click", (r"Timeline",), ("esc close",)),
    Step("click", (r"esc close",), ("Payment",), ("Timeline",)),
    Step("click", (r"\? help",), ("Move about",)),
    Step("click", (r"esc close",), ("ORD-",), ("Move about",)),
)
LATE = Step("click", (r"Delayed|late 7",), ("/ is:late", "cards"))
"""A number, beside the board or in the one line that a narrow terminal has for all."""
LEAVE = palette(r"leave; everyth")


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("hands", ["keys", "mouse"])
def test_a_sitting(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], hands: str
) -> None:
    steps = BY_KEYS if hands == "keys" else (*BY_MOUSE, LATE, *LEAVE)
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # where the sample shop will lie
    (tmp_path / "here").mkdir()
    with Tmux([installed.program], size=size, cwd=tmp_path / "here") as terminal:
        for step in steps:
            step.play(terminal)
            screen = terminal.screen().splitlines()
            assert max(map(cell_len, screen), default=0) <= size[0], step
        assert terminal.until_over() == 0
    (shop,) = (found.parent for found in tmp_path.rglob("opstui.toml"))
    installed.run("-w", shop, "doctor", cwd=tmp_path)
