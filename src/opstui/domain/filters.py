"""Filters that all members share. What a query means is said by the projections; here it is a text with a name.

One that was removed keeps its document, marked: so undo brings it back, and the history can always name it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from opstui.domain.boards import Rules
from opstui.domain.commands import RemoveFilter, SaveFilter
from opstui.domain.events import Event
from opstui.domain.model import Doc, Refused, clean_line, plain
from opstui.domain.state import Reader, State
from opstui.i18n import _

TABLE = "filters"
NAME_LIMIT, QUERY_LIMIT = 40, 500

Make = Callable[..., Event]
"""Makes an event of this request: (kind, table, id, changed=, data=, writes=)."""


def shared_filters(state: Reader) -> Iterator[tuple[int, Doc]]:
    """The shared filters there are, by id."""
    return ((number, doc) for number, doc in state.items(TABLE) if not doc.get("removed"))


def saved_queries(state: Reader) -> dict[str, str]:
    """Name -> query of the shared filters, for `@name` in a query."""
    return {doc["name"]: doc["query"] for _number, doc in shared_filters(state)}


def filter_name(text: str) -> str:
    """A name as it is kept.

    Raises:
        Refused: it is empty or too long.
    """
    name = clean_line(text)
    if not name or len(name) > NAME_LIMIT:
        raise Refused(_("a filter needs a name of at most {n} characters").format(n=NAME_LIMIT))
    return name


def check_free(name: str, number: int | None, state: Reader) -> None:
    """Let no other filter than this one have the name.

    Raises:
        Refused: one has it.
    """
    if any(n != number and doc["name"].casefold() == name.casefold() for n, doc in shared_filters(state)):
        raise Refused(_('a shared filter "{name}" is there already; give one of them another name').format(name=name))


def save_filter(command: SaveFilter, state: State, rules: Rules, event: Make) -> list[Event]:
    """Keep a new filter, or give one that is there another name, query or board.

    Raises:
        Refused: the name is taken, something is empty or too long, or there is no such board or filter; somebody
            changed it meanwhile.
    """
    name, query = filter_name(command.name), clean_line(command.query)
    if not query or len(query) > QUERY_LIMIT:
        raise Refused(_("there is nothing to save: type a filter first (at most {n} characters)").format(n=QUERY_LIMIT))
    if command.board and rules.board(command.board) is None:
        raise Refused(_("there is no board '{id}'").format(id=clean_line(command.board)[:40]))
    check_free(name, command.filter, state)
    fields = {"name": name, "query": query, **({"board": command.board} if command.board else {})}
    if not command.filter:
        return [_new(fields, state, event)]
    present = _there(command.filter, state)["query"]
    if command.base and present not in (command.base, query):
        raise Refused(
            _('"{name}" was changed meanwhile and reads {query} now; look again').format(name=name, query=present)
        )
    return _changed(command.filter, fields, state, event)


def _new(fields: dict[str, Any], state: State, event: Make) -> Event:
    number = state.next_id(TABLE)
    made = event("filter_saved", TABLE, number, data=dict(fields))
    doc = {**fields, "by": made.by, "at": plain(made.at)}
    return event("filter_saved", TABLE, number, data=dict(fields), writes=((TABLE, number, doc),))


def _changed(number: int, fields: dict[str, Any], state: State, event: Make) -> list[Event]:
    doc = _there(number, state)
    changed = {
        name: (doc.get(name), fields.get(name))
        for name in ("name", "query", "board")
        if doc.get(name) != fields.get(name)
    }
    return [event("filter_saved", TABLE, number, changed=changed, data={"name": fields["name"]})] if changed else []


def remove_filter(command: RemoveFilter, state: State, event: Make) -> list[Event]:
    """Take a filter away; undo brings it back.

    Raises:
        Refused: there is none.
    """
    doc = _there(command.filter, state)
    removed = {"removed": (None, True)}
    return [event("filter_removed", TABLE, command.filter, changed=removed, data={"name": doc["name"]})]


def _there(number: int, state: State) -> Doc:
    doc = state.get(TABLE, number)
    if doc is None or doc.get("removed"):
        raise Refused(_("that filter is there no more"))
    return doc
