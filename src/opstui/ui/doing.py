"""A key becomes a command on the board screen: what it means just now, and whether it can be used here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.ui.screens.does import DOES

if TYPE_CHECKING:
    from opstui.ui.screens.board import BoardScreen


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
