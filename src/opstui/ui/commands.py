"""The one table of commands: what can be done, with which keys, and when not.

Bindings, hint line and help are all read from it, so they cannot disagree. A command that cannot be used here says why
instead of doing nothing. `Place` is what the table may know about where the cursor is: plain facts, so that every row
can be tested without a terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct, field

from opstui.i18n import _

Where = Literal["board", "card", "both"]


class Place(Struct, frozen=True, kw_only=True):
    """Where the cursor is. `where` is the board or an open card; the rest is about the card under the cursor."""

    where: Literal["board", "card"] = "board"
    card: bool = False
    blocked: bool = False
    first_stage: bool = False
    last_stage: bool = False
    dropped: bool = False
    """It is dropped already, or cannot be on this board."""
    top: bool = False
    bottom: bool = False
    undo: str = ""
    """What undo would take back; empty when there is nothing."""
    redo: str = ""
    filtered: bool = False


def _never(place: Place) -> str:  # noqa: ARG001 - one shape for every rule
    return ""


def _card(place: Place) -> str:
    return "" if place.card else _("no card under the cursor")


def _left(place: Place) -> str:
    return _card(place) or (_("it is in the first stage") if place.first_stage else "")


def _right(place: Place) -> str:
    return _card(place) or (_("it is in the last stage") if place.last_stage else "")


def _dismiss(place: Place) -> str:
    return _card(place) or (_("it is dropped, or this board has no stage for that") if place.dropped else "")


def _up(place: Place) -> str:
    return _card(place) or (_("it is at the top of its lane") if place.top else "") or _sorted(place)


def _down(place: Place) -> str:
    return _card(place) or (_("it is at the end of its lane") if place.bottom else "") or _sorted(place)


def _sorted(place: Place) -> str:
    return _("the lane is filtered; clear the filter to reorder") if place.filtered else ""


def _undo(place: Place) -> str:
    return "" if place.undo else _("nothing of yours to undo in this session")


def _redo(place: Place) -> str:
    return "" if place.redo else _("nothing to redo")


class KeyCommand(Struct, frozen=True, kw_only=True):
    """Something a person can do. `keys` are Textual key names, `show` how the first are written for people.

    `label` is for the hint line, `help` one sentence for the help page; `why_not` gives the reason it cannot be used
    at a place, or nothing.
    """

    id: str
    keys: tuple[str, ...]
    show: str
    label: str
    help: str
    group: str
    where: Where = "board"
    why_not: Callable[[Place], str] = field(default=_never)

    def at(self, where: str) -> bool:
        """Whether it belongs to the board or to an open card."""
        return self.where in (where, "both")


def _table() -> Iterator[KeyCommand]:
    move, card, look, other = _("Move about"), _("The card"), _("Look"), _("Everything else")
    for number, name in enumerate((_("orders"), _("campaigns"), _("feedback"), _("actions")), 1):
        yield KeyCommand(
            id=f"board_{number}",
            keys=(str(number),),
            show=str(number),
            label=name,
            help=_("the board of {name}").format(name=name),
            group=move,
        )
    yield KeyCommand(
        id="left", keys=("h", "left"), show="h ←", label=_("left"), help=_("cursor to the lane on the left"), group=move
    )
    yield KeyCommand(
        id="down", keys=("j", "down"), show="j ↓", label=_("down"), help=_("cursor down"), group=move, where="both"
    )
    yield KeyCommand(
        id="up", keys=("k", "up"), show="k ↑", label=_("up"), help=_("cursor up"), group=move, where="both"
    )
    yield KeyCommand(
        id="right",
        keys=("l", "right"),
        show="l →",
        label=_("right"),
        help=_("cursor to the lane on the right"),
        group=move,
    )
    yield KeyCommand(
        id="page_down",
        keys=("pagedown",),
        show="pgdn",
        label=_("page down"),
        help=_("a page down"),
        group=move,
        where="both",
    )
    yield KeyCommand(
        id="page_up", keys=("pageup",), show="pgup", label=_("page up"), help=_("a page up"), group=move, where="both"
    )
    yield KeyCommand(
        id="first", keys=("home",), show="home", label=_("first"), help=_("to the top"), group=move, where="both"
    )
    yield KeyCommand(
        id="last", keys=("end",), show="end", label=_("last"), help=_("to the end"), group=move, where="both"
    )
    yield KeyCommand(
        id="jump", keys=("g",), show="g", label=_("jump"), help=_("jump to a card by its number"), group=move
    )

    yield KeyCommand(
        id="open",
        keys=("enter",),
        show="enter",
        label=_("open"),
        help=_("open the card; enter again to read on in it"),
        group=card,
        why_not=_card,
    )
    yield KeyCommand(
        id="stage_left",
        keys=("H", "shift+left"),
        show="H ⇧←",
        label=_("stage back"),
        help=_("move the card a stage back"),
        group=card,
        where="both",
        why_not=_left,
    )
    yield KeyCommand(
        id="stage_right",
        keys=("L", "shift+right"),
        show="L ⇧→",
        label=_("stage on"),
        help=_("move the card a stage on"),
        group=card,
        where="both",
        why_not=_right,
    )
    yield KeyCommand(
        id="lower",
        keys=("J", "shift+down"),
        show="J ⇧↓",
        label=_("lower"),
        help=_("move the card down in its lane"),
        group=card,
        why_not=_down,
    )
    yield KeyCommand(
        id="higher",
        keys=("K", "shift+up"),
        show="K ⇧↑",
        label=_("higher"),
        help=_("move the card up in its lane"),
        group=card,
        why_not=_up,
    )
    yield KeyCommand(id="new", keys=("n",), show="n", label=_("new"), help=_("a new card on this board"), group=card)
    yield KeyCommand(
        id="edit",
        keys=("e",),
        show="e",
        label=_("edit"),
        help=_("edit all fields of the card"),
        group=card,
        where="both",
        why_not=_card,
    )
    yield KeyCommand(
        id="assign",
        keys=("a",),
        show="a",
        label=_("assign"),
        help=_("who does it"),
        group=card,
        where="both",
        why_not=_card,
    )
    yield KeyCommand(
        id="due",
        keys=("d",),
        show="d",
        label=_("due"),
        help=_("by when: fri, +3d, 12 may, besok; empty for no date"),
        group=card,
        where="both",
        why_not=_card,
    )
    yield KeyCommand(
        id="tags",
        keys=("t",),
        show="t",
        label=_("tags"),
        help=_("tags, with commas between"),
        group=card,
        where="both",
        why_not=_card,
    )
    yield KeyCommand(
        id="priority",
        keys=("exclamation_mark",),
        show="!",
        label=_("priority"),
        help=_("priority: low, normal, high, urgent"),
        group=card,
        where="both",
        why_not=_card,
    )
    yield KeyCommand(
        id="block",
        keys=("b",),
        show="b",
        label=_("block"),
        help=_("say what it waits for, or that it can go on"),
        group=card,
        where="both",
        why_not=_card,
    )
    yield KeyCommand(
        id="comment",
        keys=("c",),
        show="c",
        label=_("comment"),
        help=_("write a comment"),
        group=card,
        where="both",
        why_not=_card,
    )
    yield KeyCommand(
        id="check",
        keys=("i",),
        show="i",
        label=_("checklist"),
        help=_("add a checklist item, or tick one by its number"),
        group=card,
        where="both",
        why_not=_card,
    )
    yield KeyCommand(
        id="link",
        keys=("at",),
        show="@",
        label=_("link"),
        help=_("link it to another card"),
        group=card,
        where="both",
        why_not=_card,
    )
    yield KeyCommand(
        id="postmortem",
        keys=("m",),
        show="m",
        label=_("post-mortem"),
        help=_("draft its post-mortem and write it out as Markdown"),
        group=card,
        where="both",
        why_not=_card,
    )
    yield KeyCommand(
        id="archive",
        keys=("x",),
        show="x",
        label=_("archive"),
        help=_("put the card away; undo takes it back"),
        group=card,
        where="both",
        why_not=_card,
    )

    yield KeyCommand(
        id="dismiss",
        keys=("X",),
        show="X",
        label=_("cancel"),
        help=_("cancel, stop or decline it: into the board's last stage"),
        group=card,
        where="both",
        why_not=_dismiss,
    )

    yield KeyCommand(
        id="filter",
        keys=("slash",),
        show="/",
        label=_("filter"),
        help=_("filter as you type: words, owner:rina, is:late, due:this-week; esc clears"),
        group=look,
    )
    yield KeyCommand(
        id="numbers", keys=("p",), show="p", label=_("numbers"), help=_("show or hide the numbers"), group=look
    )
    yield KeyCommand(
        id="pane",
        keys=("tab",),
        show="tab",
        label=_("other pane"),
        help=_("to the pane on the right and back; enter on a number shows its cards"),
        group=look,
    )
    yield KeyCommand(
        id="close",
        keys=("escape",),
        show="esc",
        label=_("close"),
        help=_("close the card, then clear the filter"),
        group=look,
        where="both",
    )
    yield KeyCommand(
        id="redraw",
        keys=("ctrl+l",),
        show="ctrl+l",
        label=_("redraw"),
        help=_("draw the screen anew"),
        group=look,
        where="both",
    )

    yield KeyCommand(
        id="undo",
        keys=("u",),
        show="u",
        label=_("undo"),
        help=_("take back your last change"),
        group=other,
        where="both",
        why_not=_undo,
    )
    yield KeyCommand(
        id="redo",
        keys=("ctrl+r",),
        show="ctrl+r",
        label=_("redo"),
        help=_("do it again after all"),
        group=other,
        where="both",
        why_not=_redo,
    )
    yield KeyCommand(
        id="help",
        keys=("question_mark", "f1"),
        show="?",
        label=_("help"),
        help=_("this help"),
        group=other,
        where="both",
    )
    yield KeyCommand(
        id="suspend",
        keys=("ctrl+z",),
        show="ctrl+z",
        label=_("suspend"),
        help=_("to the shell for a while; `fg` comes back"),
        group=other,
        where="both",
    )
    yield KeyCommand(
        id="quit",
        keys=("q",),
        show="q",
        label=_("quit"),
        help=_("leave; everything is saved already"),
        group=other,
        where="both",
    )


COMMANDS: dict[str, KeyCommand] = {command.id: command for command in _table()}
"""Every command by its id, in the order of the help page."""

HINTS = {
    "board": (
        "stage_right",
        "open",
        "new",
        "filter",
        "assign",
        "due",
        "comment",
        "postmortem",
        "numbers",
        "undo",
        "help",
        "quit",
    ),
    "card": ("close", "edit", "assign", "due", "comment", "check", "block", "stage_right", "undo", "help"),
}
"""What the hint line offers, most useful first; the line shows as many as fit."""


FILTER_HINTS = [("enter", _("keep the filter")), ("esc", _("clear it")), ("↑ ↓", _("to the cards")), ("f1", _("help"))]
"""The hint line while a filter is typed, where letters are letters."""


def hints(place: Place) -> list[tuple[str, str]]:
    """(key, label) for the hint line: what can be used here now. Undo names what it would take back."""
    usable = (COMMANDS[name] for name in HINTS[place.where] if not COMMANDS[name].why_not(place))
    return [_hint(command, place) for command in usable]


def _hint(command: KeyCommand, place: Place) -> tuple[str, str]:
    match command.id:
        case "stage_right" | "stage_left":
            return "H/L", _("move")
        case "undo":
            return command.show, f'{command.label} "{place.undo}"'
        case "block" if place.blocked:
            return command.show, _("unblock")
        case _:
            return command.show, command.label


def bindings() -> list[tuple[str, str, str]]:
    """(keys, action, description) of every command, for the screen."""
    return [(",".join(c.keys), f"command('{c.id}')", c.label) for c in COMMANDS.values()]
