"""`y` and `Y`: a card's number, or its number and title, into the clipboard of the person's own terminal.

There is no way to know whether a terminal took it. tmux by default takes nothing from programs inside it, but passes on
what its own command is given; so where there is a tmux it is asked, and the terminal otherwise.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from opstui.domain.model import clean_line
from opstui.i18n import _, ngettext
from opstui.ui.driver import Terminal
from opstui.ui.escapes import copy

if TYPE_CHECKING:
    from textual.app import App

    from opstui.domain.model import Card
    from opstui.ui.screens.board import BoardScreen

TMUX = ("tmux", "load-buffer", "-w", "-")
PATIENCE = 2.0
"""Seconds that tmux gets for its answer."""


def number(card: Card) -> str:
    """ORD-0042."""
    return card.ref


def line(card: Card) -> str:
    """What one writes to a colleague: the number and the title, on one line."""
    return f"{card.ref} {clean_line(card.title)}"


def copy_cards(screen: BoardScreen, what: Callable[[Card], str]) -> None:
    """Copy `what` of the marked cards, a line each, or of the one that keys are about."""
    marked: list[int | None] = [*sorted(screen.board.selection)] or [screen.target]
    cards = [card for card in map(screen.desk.card, marked) if card is not None]
    if cards:
        told = _("copied {ref}").format(ref=cards[0].ref)
        if len(cards) > 1:
            told = ngettext("copied {n} card", "copied {n} cards", len(cards))
        screen.run(_copy(screen, "\n".join(map(what, cards)), told))


async def _copy(screen: BoardScreen, text: str, told: str) -> None:
    if await to_clipboard(screen.app, text):
        screen.say(told)
    else:
        screen.say(_("not copied: that is more than a terminal's clipboard takes; mark fewer cards"), "refused")


async def to_clipboard(app: App[Any], text: str) -> bool:
    """Hand a text to the person's own terminal; False when it is longer than terminals take."""
    try:
        words = copy(text, os.environ)
    except ValueError:
        return False
    taken = bool(os.environ.get("TMUX")) and await asyncio.to_thread(_by_tmux, text)
    if not taken:
        _tell(app, words)
    return True


def _tell(app: App[Any], words: str) -> None:
    driver = app._driver  # noqa: SLF001 - there is no other way to say anything to the terminal
    if isinstance(driver, Terminal):
        driver.tell(words)


def _by_tmux(text: str) -> bool:
    """Hand it to tmux; whether that worked."""
    try:
        done = subprocess.run(  # noqa: S603 - constant words; the text is only its input
            TMUX,
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
