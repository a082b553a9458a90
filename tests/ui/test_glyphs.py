"""In ASCII mode no sign of ours is outside ASCII, on any screen; what people typed stays what it is."""

from __future__ import annotations

import ast
import re
from itertools import combinations
from pathlib import Path

import pytest
from rich.cells import cell_len

import opstui
from opstui.domain.commands import BlockCard
from opstui.ui.glyphs import BARS, MARKS, TWINS, ascii_twin, wants_ascii
from opstui.workspace import Workspace
from ui.page import RINA, console, memory_workspace, order

SOURCES = [
    *(Path(opstui.__file__).parent / "ui").rglob("*.py"),
    *(Path(opstui.__file__).parent / "projections").glob("*.py"),
]
TOGETHER = (
    ("late", "blocked", "mine", "sensitive", "recurring", "high", "urgent", "low", "others"),
    ("cursor", "marked"),
    ("marked", "open"),
    ("up", "down", "worse up", "worse down"),
    ("good", "warn", "bad", "plain"),
    ("cursor", "thumb"),
    ("before", "after"),
    ("marked", "late", "mine"),
    ("rising", "falling", "pending"),
    ("folded", "unfolded", "open"),
    tuple(BARS),
)
"""Marks that can stand in one place."""
SCREENS = {
    "board": (),
    "one lane's end": ("end",),
    "card": ("enter",),
    "form": ("n",),
    "all fields": ("e",),
    "assign": ("a",),
    "due": ("d",),
    "priority": ("exclamation_mark",),
    "jump": ("g",),
    "filter": ("slash", "g"),
    "wrong filter": ("slash", "o", "w", "n", "e", "r", ":", ":"),
    "numbers": ("tab",),
    "campaigns": ("2",),
    "feedback": ("3",),
    "help": ("question_mark",),
    "themes": ("ctrl+t",),
    "sort": ("o",),
    "sorted": ("o", "d"),
    "swimlanes": ("W",),
    "by owner": ("W", "o"),
    "one closed": ("W", "p", "minus"),
    "faces on one line": ("z",),
    "parts of a face": ("Z",),
    "moved": ("L",),
    "refused": ("H",),
}


@pytest.mark.parametrize(("sign", "twin"), TWINS.items())
def test_a_twin_is_ascii_and_as_wide_as_its_sign(sign: str, twin: str) -> None:
    assert not sign.isascii()
    assert twin.isascii()
    assert twin.isprintable()
    assert cell_len(sign) == cell_len(twin) == 1


@pytest.mark.parametrize("marks", TOGETHER)
def test_marks_that_stand_in_one_place_differ_in_both_modes(marks: tuple[str, ...]) -> None:
    for one, other in combinations([MARKS.get(mark, mark) for mark in marks], 2):
        assert one != other
        assert ascii_twin(one) != ascii_twin(other), (one, other)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_sign_that_a_source_file_writes_has_a_twin(path: Path) -> None:
    """So a new sign cannot be forgotten in the table, whoever adds it, on whatever screen."""
    if path.stem == "glyphs":
        return
    texts = [node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)]
    written = {sign for text in texts if isinstance(text, str) for sign in text if not sign.isascii()}
    assert written <= TWINS.keys()


@pytest.mark.parametrize("screen", SCREENS)
async def test_no_screen_shows_a_sign_of_ours_that_is_not_ascii(screen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSTUI_GLYPHS", "ascii")
    async with console(busy_shop()) as page:
        await page.press(*SCREENS[screen])
        shown = page.text
        assert set(re.sub("[éç日本語]", "", shown)) <= {chr(n) for n in range(32, 127)} | {"\n"}, screen


async def test_the_same_screen_has_signs_without_the_mode_and_only_they_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    for mode in ("unicode", "ascii"):
        monkeypatch.setenv("OPSTUI_GLYPHS", mode)
        async with console(busy_shop()) as page:
            shown.append(page.text)
    signs, plain = shown
    assert ascii_twin(signs) == plain
    assert {"▌", "↑", "◆", "▪", "●"} <= set(signs)
    assert "Café Façade 日本語" in plain


async def test_the_setting_says_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(memory_workspace(order("Kopi"), glyphs="ascii")) as page:
        assert "▌" not in page.text


@pytest.mark.parametrize(
    ("setting", "environ", "wanted"),
    [
        ("auto", {"LANG": "en_US.UTF-8"}, False),
        ("auto", {"LANG": "id_ID.utf8"}, False),
        ("auto", {"LANG": "de_DE.ISO-8859-1"}, True),
        ("auto", {"LANG": "id_ID"}, True),
        ("auto", {"LANG": "en_US.UTF-8", "LC_ALL": "C"}, True),
        ("auto", {"LANG": "POSIX", "LC_CTYPE": "C.UTF-8"}, True),
        ("auto", {"LANG": "id_ID", "LC_CTYPE": "C.UTF-8"}, False),
        ("auto", {"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, False),
        ("auto", {}, False),
        ("ascii", {"LANG": "en_US.UTF-8"}, True),
        ("unicode", {"LANG": "C"}, False),
        ("unicode", {"OPSTUI_GLYPHS": "ascii"}, True),
        ("ascii", {"OPSTUI_GLYPHS": " Unicode "}, False),
        ("ascii", {"OPSTUI_GLYPHS": "what"}, True),
        ("auto", {"OPSTUI_GLYPHS": "auto", "LANG": "C"}, True),
    ],
)
def test_when_ascii_is_wanted(setting: str, environ: dict[str, str], wanted: bool) -> None:
    assert wants_ascii(setting, environ) is wanted


def busy_shop() -> Workspace:
    """Every state a card can show, and people who type what they like."""
    workspace = memory_workspace(
        order("Café Façade 日本語", priority="high", sensitive=True, owner="rina", due="2026-09-18", total=5_000_000),
        order("Toko Damai", priority="urgent", owner="budi", description="é" * 300),
        order("Bu Ratna", priority="low"),
        *(order(f"Order {n}", customer=f"Toko {n}", total=100_000 * n) for n in range(30)),
    )
    workspace.submit(RINA, BlockCard(card=3, reason="no beans", waiting_on="supplier"))
    return workspace
