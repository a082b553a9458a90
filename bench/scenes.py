"""Every screen and dialog of the console, and how to get there in keys: one list for pictures, checks and random keys.

A new screen is one more line here. It is then in the gallery, its words are held to the rules of all words, and random
keys are pressed in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bench import acts
from bench.acts import CLASH

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from opstui.workspace import Workspace

__all__ = ["CLASH", "SCENES", "Scene", "typed"]


@dataclass(frozen=True)
class Scene:
    """A screen: what it is, and the keys from the first picture to it."""

    title: str
    keys: tuple[str, ...] = ()
    meanwhile: Callable[[Workspace], None] | None = None
    """What somebody else does once the keys are pressed."""
    then: tuple[str, ...] = ()
    """Keys after that."""
    before: Callable[[Workspace], None] | None = None
    """What is done before the console is opened."""
    act: Callable[[Pilot[Any]], Awaitable[None]] | None = None
    """What is done at last that is no key."""
    place: Literal["shop", "empty", "nowhere", "known"] = "shop"
    """The sample shop, a new workspace, or none: the start screen, without or with workspaces opened lately."""


def typed(text: str) -> tuple[str, ...]:
    """The keys of a text."""
    return tuple(_NAMES.get(letter, letter) for letter in text)


_NAMES = {
    " ": "space", ":": "colon", "-": "minus", ".": "full_stop", ",": "comma", ">": "greater_than_sign",
    "+": "plus", "@": "at", "/": "slash", "_": "underscore",
}  # fmt: skip


def command(name: str) -> tuple[str, ...]:
    """The keys of a command that has none of its own."""
    return ("ctrl+p", *typed(name), "enter")


TO_TEXT = ("tab",) * 13
"""From the first field of an order to its description."""
TO_POSTMORTEM = ("2", "l", "l", "l", "l", "l", "m")
"""The campaign that is over, and its post-mortem."""
PUT_AWAY = ("x", "x", "l", "x", "x")
"""Four cards go to the archive."""


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
    "numbers-first": Scene("Which numbers come first", ("P",)),
    "page-flow": Scene("Flow: where work waits, what gets old, when it will be done", ("5",)),
    "targets": Scene("Targets of the KPIs", command("targets")),
    "target": Scene("A target is changed", (*command("targets"), "j", "j", "enter")),
    "page-flow-table": Scene("The same as tables", ("5", "T")),
    "page-campaigns": Scene("Campaigns in numbers", ("6",)),
    "page-service": Scene("Service: who waits for an answer", ("7",)),
    "page-stock": Scene("Stock: what to order today", ("8",)),
    "page-customers": Scene("Customers: who comes back", ("9",)),
    "postmortem": Scene("A post-mortem, to be written", TO_POSTMORTEM, before=acts.learned),
    "postmortem-writing": Scene(
        "A section being written, with a remark", (*TO_POSTMORTEM, *("j",) * 14, "enter"), before=acts.learned
    ),
    "postmortem-actions": Scene("Its actions", (*TO_POSTMORTEM, *("j",) * 18, "enter"), before=acts.learned),
    "postmortem-preview": Scene("How it will read", (*TO_POSTMORTEM, "j", "v"), before=acts.learned),
    "postmortem-missing": Scene("What is missing", (*TO_POSTMORTEM, "p"), before=acts.learned),
    "happened": Scene("Something happened", (*command("something"), *typed("det"), "enter", *typed("08:47"))),
    "moved": Scene("A card moved", ("L",)),
    "refused": Scene("A key that cannot be used here", ("H",)),
    "new": Scene("A new card", ("n",)),
    "edit": Scene("All fields of a card", ("e",)),
    "edit-wrong": Scene("A form that cannot be saved", ("n", "ctrl+s")),
    "assign": Scene("Who does it", ("a",)),
    "due": Scene("By when", ("d", *typed("fri"))),
    "priority": Scene("Priority", ("exclamation_mark",)),
    "comment": Scene("A comment", ("c", *typed("asked for proof"))),
    "checklist": Scene("A checklist that is empty", ("i",)),
    "block": Scene("Why it cannot go on", ("b",)),
    "link": Scene("A link to another card", ("at", *typed("ORD-0003"))),
    "jump": Scene("Jump to a card", ("g",)),
    "conflict": Scene("Two people in one field", ("g", "1", "enter", "e", "Z"), acts.other_title, ("ctrl+o",)),
    "palette": Scene("The palette", ("ctrl+p",)),
    "palette-typed": Scene("A few letters in the palette", ("ctrl+p", *typed("mo"))),
    "palette-not-now": Scene("A command that cannot be used now", command("redo")),
    "jump-number": Scene("A card's number, as it is typed", ("g", "1", "2")),
    "keys": Scene("Keys of one's own", command("keys")),
    "keys-press": Scene("A key is asked for", (*command("keys"), "down", "enter")),
    "tour": Scene("The tour begins", command("tour")),
    "tour-step": Scene("A step of the tour", (*command("tour"), "enter", "enter")),
    "marked": Scene("Marked cards", ("space", "space", "l", "space")),
    "marked-due": Scene("One form for many cards", ("space", "space", "space", "d", *typed("fri"))),
    "marked-tags": Scene("Tags for many cards", ("space", "space", "t", *typed("+gift -"))),
    "marked-archive": Scene("Many cards put away", ("space", "space", "space", "x")),
    "stages": Scene("To which stage", ("M",)),
    "stages-many": Scene("To which stage, of many cards", ("space", "space", "M")),
    "result": Scene("Why some cards were refused", ("space", "l", "space", "H", "enter")),
    "archive": Scene("The archive", (*PUT_AWAY, "A")),
    "archive-empty": Scene("An archive without a card", ("A",)),
    "archive-search": Scene("A search in the archive", (*PUT_AWAY, "A", "slash", *typed("a"))),
    "archive-restore": Scene("Taking a card back", (*PUT_AWAY, "A", "r")),
    "archive-read": Scene("A card of the archive", (*PUT_AWAY, "A", "enter")),
    "paste": Scene("Pasted lines become cards", act=acts.paste),
    "sort": Scene("How a lane is sorted", ("o",)),
    "sorted": Scene("A sorted lane", ("o", "j", "enter")),
    "swimlanes-choose": Scene("What cuts the board into swimlanes", ("W",)),
    "swimlanes": Scene("Swimlanes", ("W", "j", "enter")),
    "swimlanes-folded": Scene("A swimlane closed", ("W", "j", "enter", "minus")),
    "faces-list": Scene("Cards on one line", ("z",)),
    "faces-compact": Scene("Compact cards", ("z", "z")),
    "faces-roomy": Scene("Roomy cards", ("z", "z", "z")),
    "face-parts": Scene("What stands on the cards", ("Z",)),
    "filter-offers": Scene("A filter's offers", ("slash", *typed("owner:"))),
    "filters": Scene("Saved filters", ("f",), before=acts.shared_filter),
    "filters-edit": Scene("A saved filter is changed", ("f", "down", "e"), before=acts.shared_filter),
    "save-filter": Scene("A filter gets a name", ("slash", *typed("is:late"), "enter", "S", *typed("late ones"))),
    "my-work": Scene("My work", ("w",)),
    "others-work": Scene("Somebody else's work", ("w", "right")),
    "find": Scene("Find anything", ("F", *typed("gayo"))),
    "find-begin": Scene("Find, before anything is typed", ("F",)),
    "new-campaign": Scene("A new campaign", ("2", "n")),
    "edit-campaign": Scene("All fields of a campaign", ("2", "e")),
    "new-feedback": Scene("New feedback", ("3", "n")),
    "edit-feedback": Scene("All fields of feedback", ("3", "e")),
    "new-action": Scene("A new action", ("4", "n")),
    "edit-action": Scene("All fields of an action", ("4", "e")),
    "new-completing": Scene("A field completed", ("n", "tab", *typed("r"))),
    "tags": Scene("Tags", ("t", *typed("g"))),
    "checklist-full": Scene(
        "A checklist", ("i", *typed("grind"), "enter", *typed("pack in tins"), "enter", "escape", "space")
    ),
    "checklist-writing": Scene("An item is written", ("i", *typed("grind"), "enter", *typed("pack"))),
    "import": Scene("What to take in", command("import")),
    "import-file": Scene("Which file", (*command("import"), "end", "enter", *typed("ca")), before=acts.rows_to_import),
    "import-report": Scene(
        "What an import would do",
        (*command("import"), "end", "enter", *typed("cards.csv"), "enter"),
        before=acts.rows_to_import,
    ),
    "progress": Scene("A long work", act=acts.half_way),
    "export": Scene("What to give out", command("export")),
    "export-file": Scene("Where to", (*command("export"), "enter")),
    "doctor": Scene("What the doctor says", command("doctor")),
    "rebuild": Scene("Made anew?", command("rebuild")),
    "backup": Scene("A copy, where to", (*command("backup"), *typed("/media/usb/kopi"))),
    "drag": Scene("A card on its way in the mouse", act=acts.carry),
    "empty": Scene("A board without a card", place="empty"),
    "empty-campaigns": Scene("Campaigns without a card", ("2",), place="empty"),
    "start": Scene("The first start", place="nowhere"),
    "start-known": Scene("A start, with workspaces opened lately", place="known"),
    "workspace": Scene("A new workspace", ("m",), place="nowhere"),
    "conflict-long": Scene(
        "Two people in one text",
        ("g", "1", "enter", "e", *TO_TEXT, *typed("Ask for the lift. ")),
        acts.other_brief,
        ("ctrl+o",),
        before=acts.brief,
    ),
    "conflict-merged": Scene(
        "Both texts in one, to be corrected",
        ("g", "1", "enter", "e", *TO_TEXT, *typed("Ask for the lift. ")),
        acts.other_brief,
        ("ctrl+o", "b"),
        before=acts.brief,
    ),
    "themes": Scene("The themes", ("ctrl+t", "j", "j")),
    "help": Scene("Help", ("question_mark",)),
    "help-end": Scene("The end of help", ("question_mark", "end")),
}
"""Name -> screen. The names are those of the pictures."""
