"""event -> changed documents. So small because every event carries its own before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from opstui.domain.events import Change, Event
from opstui.domain.model import Doc


def changed(doc: Doc, changes: dict[str, Change]) -> Doc:
    """The document with these fields set to their new values (None takes a field away), one version on."""
    after = {**doc, **{name: new for name, (_, new) in changes.items() if new is not None}}
    for name, (_, new) in changes.items():
        if new is None:
            after.pop(name, None)
    if "version" in doc:
        after["version"] = doc["version"] + 1
    return after


def evolve(event: Event, get: Callable[[str, int], Doc | None]) -> Iterator[tuple[str, int, Doc]]:
    """The documents as the event leaves them: (table, id, document)."""
    yield from event.writes
    if event.changed:
        yield event.table, event.id, changed(get(event.table, event.id) or {}, event.changed)
