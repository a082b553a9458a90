"""Every screen and dialog of the console, and how to get there in keys: one list for pictures, checks and random keys.

A new screen is one more line here. It is then in the gallery, its words are held to the rules of all words, and random
keys are pressed in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opstui.domain.commands import EditCard
from opstui.domain.model import Actor

if TYPE_CHECKING:
    from opstui.workspace import Workspace

CLASH = 1
"""The card that two people edit at once."""


@dataclass(frozen=True)
class Scene:
    """A screen: what it is, and the keys from the first picture to it."""

    title: str
    keys: tuple[str, ...] = ()
    meanwhile: Callable[[Workspace], None] | None = None
    """What somebody else does once the keys are pressed."""
    then: tuple[str, ...] = ()
    """Keys after that."""


def _other_title(workspace: Workspace) -> None:
    workspace.submit(Actor("budi", "owner"), EditCard(card=CLASH, values={"title": "What somebody else typed"}))


def typed(text: str) -> tuple[str, ...]:
    """The keys of a text."""
    return tuple({" ": "space", ":": "colon", "-": "minus"}.get(letter, letter) for letter in text)


SCENES: dict[str, Scene] = {
    "board": Scene("The board"),
    "board-scrolled": Scene("A lane's end", ("end",)),
    "board-last-lane": Scene("The last lane", ("l",) * 9),
    "campaigns": Scene("Campaigns", ("2",)),
    "feedback": Scene("Feedback", ("3",)),
    "actions": Scene("Actions from post-mortems", ("4",)),
    "card": Scene("A card", ("enter",)),
    "card-read": Scene("A card being read", ("l", "l", "enter", "enter")),
    "filter-empty": Scene("A filter begun", ("slash",)),
    "filter": Scene("A filter as it is typed", ("slash", *typed("is:open"))),
    "filter-kept": Scene("The board, filtered", ("slash", *typed("is:late"), "enter")),
    "filter-wrong": Scene("A filter that cannot be read", ("slash", *typed("due:never"))),
    "filter-nothing": Scene("A filter that nothing matches", ("slash", *typed("zzz"), "enter")),
    "numbers": Scene("The numbers, with the cursor", ("tab", "j")),
    "numbers-over": Scene("The numbers hidden; in their own place where there is little room", ("p",)),
    "moved": Scene("A card moved", ("L",)),
    "refused": Scene("A key that cannot be used here", ("H",)),
    "new": Scene("A new card", ("n",)),
    "edit": Scene("All fields of a card", ("e",)),
    "edit-wrong": Scene("A form that cannot be saved", ("n", "ctrl+s")),
    "assign": Scene("Who does it", ("a",)),
    "due": Scene("By when", ("d", *typed("fri"))),
    "priority": Scene("Priority", ("exclamation_mark",)),
    "comment": Scene("A comment", ("c", *typed("asked for proof"))),
    "checklist": Scene("The checklist", ("i",)),
    "block": Scene("Why it cannot go on", ("b",)),
    "link": Scene("A link to another card", ("at", *typed("ORD-0003"))),
    "jump": Scene("Jump to a card", ("g",)),
    "conflict": Scene("Two people in one field", ("g", "1", "enter", "e", "Z"), _other_title, ("ctrl+s",)),
    "themes": Scene("The themes", ("ctrl+t", "j", "j")),
    "help": Scene("Help", ("question_mark",)),
    "help-end": Scene("The end of help", ("question_mark", "end")),
}
"""Name -> screen. The names are those of the pictures."""
