"""A key becomes a command on the board screen: what it means just now, and whether it can be used here."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.ui.screens.does import DOES, STEPS, stride

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.events import Key

    from opstui.ui.screens.board import BoardScreen

FEWEST = 2
"""Steps from which it is worth to take them together."""


def do(screen: BoardScreen, name: str) -> None:
    """A command of the table, or the reason why not.

    What was told before stays while a verb is at work: taking it away would be a picture of its own, and the one
    that shows the result would have to wait for the next frame.
    """
    name = screen.bulk.instead(name, screen.said[0])
    screen.said = ("", "")
    if screen.jump:
        screen.jump.end()
    command = screen.commands[name]
    if screen.tour and screen.tour.takes(name):
        return
    if why := command.why_not(screen.place()):
        screen.say(_("{command}: {why}").format(command=command.label, why=why), "refused")
        return
    DOES[name](screen)
    if screen.tour:
        screen.tour.done(name)
    if not screen.said[0] and not screen.ops.holding:
        screen.hint.hush()


def steps(screen: BoardScreen, keys: Iterable[Key]) -> list[str]:
    """The steps of the cursor that the first of these keys mean here, by the names of their commands."""
    if screen.jump or screen.tour or screen.focused not in (screen.board, screen.card_view):
        return []
    meant = {key: name for name in STEPS for key in screen.commands[name].keys}
    return [meant[key.key] for key in takewhile(lambda key: key.key in meant, keys)]


def do_together(screen: BoardScreen, keys: Iterable[Key]) -> int:
    """Take the first of these keys together, if they move the cursor; how many were taken, 0 for less than two."""
    names = steps(screen, keys)
    if len(names) < FEWEST or screen.commands[names[0]].why_not(screen.place()):
        return 0
    screen.said = ("", "")
    stride(screen, names)
    screen.hint.hush()
    return len(names)
