"""The first words of the console: where one is, where the help is (once in a lifetime), what an empty board is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opstui.domain.policy import GRANTS
from opstui.i18n import _
from opstui.ui.ink import cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from opstui.domain.model import Actor


ROOM = 66
"""Cells that the hint line surely has."""


def welcome(greeting: str, *, told: bool) -> tuple[str, bool]:
    """What to tell first: what this opening has to say, then the way to the help for who has not been `told`.

    Also whether the way is in it: where both are too long for a line it waits for another time.
    """
    way = "" if told else _("? is help, and t in it a tour")
    both = " · ".join(part for part in (greeting, way) if part)
    return (both, bool(way)) if cells(both) <= ROOM or not greeting else (greeting, False)


def guide(kind: str, actor: Actor, key: Callable[[str], str]) -> tuple[str, ...]:
    """What to do with a board of that kind that holds no cards; who may not make any is not told how."""
    may = GRANTS.get(actor.role, {})
    ways: list[tuple[str, str]] = []
    if "C" in may.get(kind, ""):
        ways += [(key("new"), _("new card")), (_("paste"), _("lines, a card each"))]
    if may.get("import"):
        ways.append((key("palette"), _("import")))
    ways.append((key("help"), _("help")))
    wide = max(cells(name) for name, _words in ways)
    return (_("No cards yet"), "", *(f"{name}{' ' * (wide - cells(name))}  {words}" for name, words in ways))
