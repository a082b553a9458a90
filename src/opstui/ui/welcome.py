"""The first words of the console: where one is, where the help is (once in a lifetime), what an empty board is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opstui.domain.policy import GRANTS
from opstui.i18n import _
from opstui.ui.commands import COMMANDS
from opstui.ui.ink import cells

if TYPE_CHECKING:
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


def guide(kind: str, actor: Actor) -> tuple[str, ...]:
    """What to do with a board of that kind that holds no cards; who may not make any is not told how."""
    helped = f"{COMMANDS['help'].show}  {_('help')}"
    if "C" not in GRANTS.get(actor.role, {}).get(kind, ""):
        return _("No cards yet"), "", helped
    made = f"{COMMANDS['new'].show}  {_('new card')}"
    pasted = _("or paste lines, a card each")
    imported = [f"ctrl+p  {_('import')}"] if "import" in GRANTS[actor.role] else []
    return (_("No cards yet"), "", made, f"{' ' * len(COMMANDS['new'].show)}  {pasted}", *imported, helped)
