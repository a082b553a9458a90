"""What is said around the lanes of the board screen: the header above, the hints below, the words on an empty board.

Each is told anew as a whole from what is so just now; the widgets send only what is different.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from opstui.currencies import objection
from opstui.i18n import _
from opstui.ui.commands import filter_hints, hints, numbers_hints
from opstui.ui.pane_order import pages
from opstui.ui.views import show_look
from opstui.ui.welcome import guide, welcome

if TYPE_CHECKING:
    from opstui.ui.screens.board import BoardScreen


def show_header(screen: BoardScreen) -> None:
    """Boards with their counts, who sits here, the clock, and the terminal's title."""
    desk, actor, settings = screen.desk, screen.session.actor, screen.session.workspace.settings
    screen.app.title = f"opstui · {desk.board.name} · {settings.name}"
    screen.header.show(
        settings.name,
        desk.counts(),
        settings.boards.index(desk.board),
        f"{actor.name} · {actor.role.replace('_', ' ')}",
        desk.formats.clock(desk.now),
    )


def show_place(screen: BoardScreen) -> None:
    """The keys that are useful where one is; none under a dialog, which has its own."""
    screen.pane.show_pages(pages(screen.commands))
    if screen.app.screen is not screen:
        screen.hint.show((), ())
        return
    if screen.jump:
        screen.hint.show(screen.jump.hints, ())
        return
    if outdated := screen.session.outdated:
        ways = [(screen.key(name), screen.commands[name].label) for name in ("quit", "help")]
        screen.hint.show(ways, (screen.key("help"),), outdated)
        return
    table, standing = screen.commands, screen.bulk.standing()
    if screen.filtering.typing:
        told = filter_hints(table)
    else:
        told = numbers_hints(table) if screen.pane.has_focus else hints(screen.place(), table)
    screen.hint.show(told, (screen.key("palette"), screen.key("help")), standing)


def dress(screen: BoardScreen) -> None:
    """The board as the member wants its cards drawn, with the words for one that is empty."""
    show_look(screen)
    screen.board.guide = guide(screen.desk.board.kind, screen.session.actor, screen.key)


def greet(screen: BoardScreen, greeting: str) -> None:
    """The first words, when nothing more important is to be told and the person has not begun to work already."""
    if screen.said[0] or screen.filtering.typing or screen.app.screen is not screen:
        return
    kept = screen.session.kept
    hello, complete = welcome(greeting, told=kept.now.greeted or not kept.lasting)
    if hello:
        screen.say(hello)
    if complete:
        screen.spawn(screen.keep(greeted=True))


async def doubt_currency(screen: BoardScreen) -> None:
    """Say so where the workspace's currency is none: it was made before that was refused, and goes on as it is."""
    why = await asyncio.to_thread(objection, screen.session.workspace.settings.currency)
    if why:
        told = _("opstui.toml: {why} Amounts are shown with it until you change it there").format(why=why)
        screen.say("; ".join(part for part in (screen.said[0], told) if part), "warning")
