"""event -> changed documents. So small because every event carries its own before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from opstui.domain.events import Change, Event
from opstui.domain.model import Doc, Refused
from opstui.i18n import _


def changed(doc: Doc, changes: dict[str, Change]) -> Doc:
    """The document with these fields set to their new values (None takes a field away), one version on."""
    after = {**doc, **{name: new for name, (_old, new) in changes.items() if new is not None}}
    for name, (_old, new) in changes.items():
        if new is None:
            after.pop(name, None)
    if "version" in doc:
        after["version"] = doc["version"] + 1
    return after


def swapped(doc: Doc, patch: Any, what: str) -> Doc:
    """A document with the fields of a patch, {field: (before, after)}, as they were before it.

    Raises:
        Refused: one of them has been changed since; `what` says what the document is.
    """
    if any(doc.get(name) != new for name, (_old, new) in patch.items()):
        raise Refused(_("not undone: {what} has been changed since").format(what=what))
    after = {**doc, **{name: old for name, (old, _new) in patch.items()}}
    return {name: value for name, value in after.items() if value is not None}


def evolve(event: Event, get: Callable[[str, int], Doc | None]) -> Iterator[tuple[str, int, Doc]]:
    """The documents as the event leaves them: (table, id, document)."""
    yield from event.writes
    if event.changed:
        yield event.table, event.id, changed(get(event.table, event.id) or {}, event.changed)
