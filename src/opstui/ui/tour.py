"""The guided tour as plain values: what each step tells, and which commands fulfil it.

It tells keys by the commands' names, so that it shows a person the keys they have.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from opstui.i18n import _
from opstui.ui.commands import KeyCommand


class Step(Struct, frozen=True):
    """One card of the tour. `{new}` in the text stands for the key of the command `new`."""

    title: str
    text: str
    done: tuple[str, ...]
    """Commands of which one goes on to the next step."""


STEPS = (
    Step(
        _("Look around"),
        _("{left} {down} {up} {right} or the arrows move the cursor; a click and the wheel do, too."),
        ("left", "down", "up", "right", "page_down", "page_up", "first", "last"),
    ),
    Step(_("Open a card"), _("{open} opens the card under the cursor, {close} closes it again."), ("close",)),
    Step(
        _("Move it"),
        _("{stage_right} moves the card a stage on, {stage_left} back: really so. {undo} takes it back."),
        ("stage_right", "stage_left"),
    ),
    Step(_("Make one"), _("{new} asks for a new card; its title is enough. {close} gives a form up."), ("new",)),
    Step(
        _("Find some"),
        _("{filter} and a word, owner:me or is:late narrows the board; {close} shows all."),
        ("filter",),
    ),
    Step(
        _("Other boards"),
        _("{board_1} {board_2} {board_3} {board_4} turn to the other boards."),
        ("board_1", "board_2", "board_3", "board_4"),
    ),
    Step(_("Jump"), _("{jump} puts a letter on everything in sight: type it, and you are there."), ("jump",)),
    Step(
        _("The numbers"),
        _("{numbers} shows or hides them; {pane} goes there, {open} on one shows its cards."),
        ("numbers", "pane"),
    ),
    Step(
        _("Everything else"),
        _("{palette} finds every command by a few letters of its name, {help} shows all keys."),
        ("palette", "help"),
    ),
)


def told(step: Step, table: Mapping[str, KeyCommand]) -> str:
    """The text of a step, with the keys of this table. A command without a key is told by its name."""
    return step.text.format_map({name: c.show.split()[0] if c.keys else f"({c.label})" for name, c in table.items()})
