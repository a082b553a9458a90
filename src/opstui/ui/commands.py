"""The one table of commands: what can be done, with which keys, and when not.

Bindings, hint line and help are all read from it, so they cannot disagree. A command that cannot be used here says why
instead of doing nothing. `Place` is what the table may know about where the cursor is: plain facts, so that every row
can be tested without a terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from msgspec import Struct, field

from opstui.i18n import _
from opstui.ui.keynames import all_shown

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
    selected: int = 0
    """Cards marked for a bulk action."""
    sorted: str = ""
    """What its lane is sorted by; empty for by hand."""
    swimlanes: bool = False
    """The board is cut into swimlanes."""
    empty: bool = False
    """The board holds no card at all."""
    covered: bool = False
    """The numbers stand in the place of the board: what is on it cannot be seen."""
    campaign: bool = False
    """The card is a campaign."""
    ended: bool = False
    """It is in a stage that ends the work."""


def _never(place: Place) -> str:  # noqa: ARG001 - one shape for every rule
    return ""


def _seen(place: Place) -> str:
    return _("the numbers stand over the board; go back to it first") if place.covered else ""


def _card(place: Place) -> str:
    if place.covered:
        return _seen(place)
    return "" if place.card else _("no card under the cursor")


def _cards(place: Place) -> str:
    return "" if place.selected else _card(place)


def _left(place: Place) -> str:
    if place.selected:
        return ""
    return _card(place) or (_("it is in the first stage") if place.first_stage else "")


def _right(place: Place) -> str:
    if place.selected:
        return ""
    return _card(place) or (_("it is in the last stage") if place.last_stage else "")


def _dismiss(place: Place) -> str:
    if place.selected:
        return ""
    return _card(place) or (_("it is dropped, or this board has no stage for that") if place.dropped else "")


def _up(place: Place) -> str:
    return _card(place) or _sorted(place) or (_("it is at the top of its lane") if place.top else "")


def _down(place: Place) -> str:
    return _card(place) or _sorted(place) or (_("it is at the end of its lane") if place.bottom else "")


def _sorted(place: Place) -> str:
    if place.sorted:
        return _("the lane is sorted by {what}; o, then h sorts by hand").format(what=place.sorted)
    return _("the lane is filtered; clear the filter to reorder") if place.filtered else ""


def _banded(place: Place) -> str:
    return _seen(place) if place.covered or place.swimlanes else _("there are no swimlanes; W makes them")


def _filtered(place: Place) -> str:
    return "" if place.filtered else _("there is no filter; type one with / first")


def _undo(place: Place) -> str:
    return "" if place.undo else _("nothing of yours to undo in this session")


def _redo(place: Place) -> str:
    return "" if place.redo else _("nothing to redo")


def _campaign(place: Place) -> str:
    return _card(place) or ("" if place.campaign else _("daily figures belong to a campaign"))


class KeyCommand(Struct, frozen=True):
    """Something a person can do. `keys` are Textual key names.

    `label` is for the hint line, `help` one sentence for the help page; `why_not` gives the reason it cannot be used
    at a place, or nothing.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    where: Where = "board"
    why_not: Callable[[Place], str] = field(default=_never)

    @property
    def show(self) -> str:
        """The keys as people read them: `?`, `h ←`."""
        return all_shown(self.keys)

    def at(self, where: str) -> bool:
        """Whether it belongs to the board or to an open card."""
        return self.where in (where, "both")


Row = tuple[str, str, Where, str, str] | tuple[str, str, Where, str, str, Callable[[Place], str]]
"""Id, keys, where, label, help; and when it cannot be used, if ever."""

_MOVE: tuple[Row, ...] = (
    ("board_1", "1", "board", _("orders"), _("the board of orders")),
    ("board_2", "2", "board", _("campaigns"), _("the board of campaigns")),
    ("board_3", "3", "board", _("feedback"), _("the board of feedback")),
    ("board_4", "4", "board", _("actions"), _("the board of actions")),
    ("left", "h left", "board", _("left"), _("cursor to the lane on the left"), _seen),
    ("down", "j down", "both", _("down"), _("cursor down"), _seen),
    ("up", "k up", "both", _("up"), _("cursor up"), _seen),
    ("right", "l right", "board", _("right"), _("cursor to the lane on the right"), _seen),
    ("page_down", "pagedown", "both", _("page down"), _("a page down"), _seen),
    ("page_up", "pageup", "both", _("page up"), _("a page up"), _seen),
    ("first", "home", "both", _("first"), _("to the top"), _seen),
    ("last", "end", "both", _("last"), _("to the end"), _seen),
    ("jump", "g", "board", _("jump"), _("jump: a letter on all in sight, or a card's number")),
)

_CARD: tuple[Row, ...] = (
    ("open", "enter", "board", _("open"), _("open the card; enter again to read on in it"), _card),
    ("stage_left", "H shift+left", "both", _("stage back"), _("move the card a stage back"), _left),
    ("stage_right", "L shift+right", "both", _("stage on"), _("move the card a stage on"), _right),
    ("move", "M", "both", _("move to"), _("move the card, or the marked ones, to a stage you choose"), _cards),
    ("lower", "J shift+down", "board", _("lower"), _("move the card down in its lane"), _down),
    ("higher", "K shift+up", "board", _("higher"), _("move the card up in its lane"), _up),
    ("new", "n", "board", _("new"), _("a new card on this board")),
    ("edit", "e", "both", _("edit"), _("edit all fields of the card"), _card),
    ("assign", "a", "both", _("assign"), _("who does it"), _cards),
    ("due", "d", "both", _("due"), _("by when: fri, +3d, 12 may, besok; empty for no date"), _cards),
    ("tags", "t", "both", _("tags"), _("tags, with commas between"), _cards),
    ("priority", "exclamation_mark", "both", _("priority"), _("priority: low, normal, high, urgent"), _cards),
    ("block", "b", "both", _("block"), _("say what it waits for, or that it can go on"), _cards),
    ("comment", "c", "both", _("comment"), _("write a comment"), _card),
    ("check", "i", "both", _("checklist"), _("its checklist: tick, write, order and take off items"), _card),
    ("link", "at", "both", _("link"), _("link it to another card"), _card),
    (
        "postmortem",
        "m",
        "both",
        _("post-mortem"),
        _("write its post-mortem, publish it, write it out as a file"),
        _card,
    ),
    ("happened", "", "both", _("mark: something happened"), _("say what happened on the card, and when: 08:47"), _card),
    ("stars", "", "both", _("stars"), _("choose which rows of its timeline belong into its story"), _card),
    ("figures", "D", "both", _("daily figures"), _("what a day of the campaign cost and brought"), _campaign),
    ("archive", "x", "both", _("archive"), _("put the card away; undo takes it back"), _cards),
    ("dismiss", "X", "both", _("cancel"), _("cancel, stop or decline it: into the board's last stage"), _dismiss),
    (
        "copy",
        "y",
        "both",
        _("copy number"),
        _("copy the number of the card, or of those marked, for another program"),
        _cards,
    ),
    ("copy_line", "Y", "both", _("copy line"), _("copy number and title, to write them to someone"), _cards),
)

_MANY: tuple[Row, ...] = (
    (
        "select",
        "space",
        "board",
        _("mark"),
        _("mark the card; H L M a d t ! b x X then act on all marked cards"),
        _card,
    ),
    (
        "select_range",
        "v",
        "board",
        _("mark range"),
        _("mark from the last marked card to the cursor, down the lanes"),
        _card,
    ),
    ("select_lane", "V", "board", _("mark lane"), _("mark all cards shown in the lane, or none"), _seen),
    (
        "select_all",
        "asterisk",
        "board",
        _("mark all"),
        _("mark all open cards that the filter shows, or none; from a done or dropped lane those too"),
        _seen,
    ),
    (
        "result",
        "",
        "board",
        _("last result"),
        _("what was done to each of many cards; enter, too, right after some were refused"),
    ),
)

_LOOK: tuple[Row, ...] = (
    ("archive_view", "A", "board", _("archived"), _("the archive: search it, take cards back")),
    (
        "filter",
        "slash",
        "board",
        _("filter"),
        _("filter as you type: words, owner:rina, is:late, due:this-week; esc clears"),
    ),
    ("filters", "f", "board", _("filters"), _("saved filters: mine, shared, always there")),
    ("save_filter", "S", "board", _("save filter"), _("save this filter under a name, for me or for all"), _filtered),
    ("my_work", "w", "board", _("my work"), _("my open cards on all boards, by when they are due")),
    ("find", "F", "board", _("find"), _("find anything: all boards, comments, the archive too")),
    ("page_flow", "5", "board", _("flow"), _("how work flows: bottleneck, cycle times, forecast")),
    ("page_campaigns", "6", "board", _("campaign numbers"), _("what campaigns cost and bring, day by day")),
    ("page_service", "7", "board", _("service"), _("first responses, open questions, what customers say")),
    ("page_stock", "8", "board", _("stock"), _("what is on hand, how long it lasts, what to order")),
    ("page_customers", "9", "board", _("customers"), _("who is new, who comes back, what a customer brings")),
    ("numbers", "p", "board", _("numbers"), _("show or hide the numbers")),
    ("groups", "P", "board", _("numbers first"), _("which group of numbers comes first: shop, orders, campaigns ...")),
    (
        "pane",
        "tab",
        "board",
        _("other pane"),
        _("to the pane on the right and back; enter on a number shows its cards"),
    ),
    ("sort", "o", "board", _("sort"), _("sort the lane by due day, priority, value ..., or by hand"), _seen),
    ("swimlanes", "W", "board", _("swimlanes"), _("cut the board into swimlanes: by owner, channel, priority ...")),
    ("fold", "minus", "board", _("fold"), _("close the swimlane, or open it again"), _banded),
    ("band_before", "left_square_bracket", "board", _("up a lane"), _("to the swimlane above"), _banded),
    ("band_after", "right_square_bracket", "board", _("down a lane"), _("to the swimlane below"), _banded),
    ("faces", "z", "board", _("faces"), _("cards on one line, compact, roomy, or as there is room")),
    ("face_parts", "Z", "board", _("face"), _("what stands on the cards, and which number in the lanes' heads")),
    ("close", "escape", "both", _("close"), _("close the card, take the marks away, then clear the filter")),
    ("theme", "ctrl+t", "board", _("theme"), _("choose how it looks; you see each before you take it")),
    ("redraw", "ctrl+l", "both", _("redraw"), _("draw the screen anew")),
)

_ELSE: tuple[Row, ...] = (
    ("undo", "u", "both", _("undo"), _("take back your last change"), _undo),
    ("redo", "ctrl+r", "both", _("redo"), _("do it again after all"), _redo),
    ("palette", "ctrl+p", "both", _("palette"), _("everything there is, by a few letters of its name")),
    ("movement", "", "board", _("stock movement"), _("write down that pieces came, went or are held")),
    ("product", "", "board", _("product"), _("a new product for the stock: its SKU, name, minimum, delivery")),
    ("targets", "", "board", _("targets"), _("every KPI with its value and its target; enter changes a target")),
    ("import", "", "board", _("import"), _("take in a file: orders, ads, stock, cards")),
    ("export", "", "board", _("export"), _("give out cards, events or figures as a file")),
    ("doctor", "", "board", _("doctor"), _("check the workspace's files and say what is wrong")),
    ("rebuild", "", "board", _("rebuild"), _("make the file of all cards (db.json) anew from the history")),
    ("backup", "", "board", _("backup"), _("copy the workspace to another folder")),
    ("help", "question_mark f1", "both", _("help"), _("this help")),
    (
        "tour",
        "",
        "board",
        _("tour"),
        _("be shown around in nine steps, on your own board; undo takes back what you try"),
    ),
    ("keys", "", "board", _("keys"), _("keys of your own: choose a command, press the key you want")),
    ("suspend", "ctrl+z", "both", _("suspend"), _("to the shell for a while; `fg` comes back")),
    ("quit", "q", "both", _("quit"), _("leave; everything is saved already")),
)


def _table() -> Iterator[KeyCommand]:
    groups = (
        (_("Move about"), _MOVE),
        (_("The card"), _CARD),
        (_("Many cards at once"), _MANY),
        (_("Look"), _LOOK),
        (_("Everything else"), _ELSE),
    )
    for group, rows in groups:
        for name, keys, where, label, text, *why_not in rows:
            yield KeyCommand(name, tuple(keys.split()), label, text, group, where, *why_not)


COMMANDS: dict[str, KeyCommand] = {command.id: command for command in _table()}
"""Every command by its id, in the order of the help page."""

HINTS = {
    "board": (
        "stage_right",
        "open",
        "due",
        "new",
        "figures",
        "filter",
        "assign",
        "comment",
        "fold",
        "postmortem",
        "undo",
        "palette",
        "numbers",
        "help",
        "quit",
    ),
    "marked": (
        "stage_right",
        "move",
        "assign",
        "due",
        "tags",
        "archive",
        "close",
        "select_range",
        "select_lane",
        "undo",
        "palette",
        "help",
    ),
    "card": (
        "close",
        "edit",
        "figures",
        "assign",
        "due",
        "comment",
        "check",
        "block",
        "stage_right",
        "undo",
        "palette",
        "help",
    ),
}
"""What the hint line offers, most useful first; the line shows as many as fit."""

NEXT: tuple[tuple[Callable[[Place], object], tuple[str, ...]], ...] = (
    (lambda place: place.selected, ("stage_right", "move", "assign")),
    (lambda place: place.empty, ("new", "palette", "help")),
    (lambda place: place.filtered and not place.card, ("close", "filter", "palette")),
    (lambda place: place.filtered, ("open", "close", "filter")),
    (lambda place: place.card and place.blocked, ("block", "open", "comment")),
    (lambda place: place.card and place.ended, ("open", "archive", "new")),
    (lambda place: place.card, ("stage_right", "open", "due")),
    (lambda place: place, ("new", "filter", "palette")),
)
"""Where one is -> the three most useful next keys there; the first that holds. They begin the hint line.

Each takes the place of what stood there, which goes where it came from: so little of the line changes. It must not
change with every card: a late one, of which there may be many, has the same first three as any other, its day among
them, for half the moves of the cursor would send a line for it.
"""


def filter_hints(table: Mapping[str, KeyCommand]) -> list[tuple[str, str]]:
    """The hint line while a filter is typed, where letters are letters."""
    way_out = next((key for key in table["help"].keys if "+" in key or key[1:].isdecimal()), "")
    told = [
        ("enter", _("keep the filter")),
        ("esc", _("clear it")),
        ("tab", _("complete")),
        ("↑", _("one from before")),
        ("↓", _("to the cards")),
    ]
    return [*told, (way_out, _("help"))] if way_out else told


def numbers_hints(table: Mapping[str, KeyCommand]) -> list[tuple[str, str]]:
    """The hint line while the numbers have the cursor."""
    told = (("down", "j k", _("choose")), ("open", "enter", _("its cards")), ("pane", "", _("back to the board")))
    ways = [(keys or table[name].show.split()[0], label) for name, keys, label in told if table[name].keys]
    rest = ("numbers", "filter", "palette", "help", "quit")
    return [*ways, *((table[n].show.split()[0], table[n].label) for n in rest if table[n].keys)]


def hints(place: Place, table: Mapping[str, KeyCommand] = COMMANDS) -> list[tuple[str, str]]:
    """(key, label) for the hint line: what can be used here now, the next useful ones first.

    Undo names what it would take back. What has no key is left to the palette.
    """
    first = next(names for holds, names in NEXT if holds(place)) if place.where == "board" else ()
    names = list(dict.fromkeys((*HINTS["marked" if place.selected else place.where], *first)))
    for n, name in enumerate(first):
        there = names.index(name)
        names[n], names[there] = names[there], names[n]
    usable = (table[name] for name in names if table[name].keys and not table[name].why_not(place))
    return [_hint(command, place, table) for command in usable]


def _hint(command: KeyCommand, place: Place, table: Mapping[str, KeyCommand]) -> tuple[str, str]:
    key = command.show.split()[0]
    match command.id:
        case "stage_right" if back := table["stage_left"].show:
            return f"{back.split()[0]}/{key}", _("move")
        case "undo":
            return key, f'{command.label} "{place.undo}"'
        case "block" if place.blocked:
            return key, _("unblock")
        case "close" if place.where == "board":
            return key, _("clear the marks") if place.selected else _("clear the filter")
        case _:
            return key, command.label


def bindings(table: Mapping[str, KeyCommand] = COMMANDS) -> list[tuple[str, str, str]]:
    """(keys, action, description) of every command that has keys, for the screen."""
    return [(",".join(c.keys), f"command('{c.id}')", c.label) for c in table.values() if c.keys]
