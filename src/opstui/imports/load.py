"""A reading through the one door, in chunks.

One batch for a whole export would be a journal line of tens of megabytes and nothing to show while it is written;
one a card would cost an fdatasync each. Everything was judged before the first chunk, and an import that is
interrupted between two chunks goes on when it is run again: what is known changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from msgspec import Struct

from opstui.domain.commands import ImportCard, ImportStock
from opstui.domain.events import Event
from opstui.domain.state import Reader
from opstui.imports.interface import Reading
from opstui.progress import Progress, silent

CHUNK = 500
_ASIDE = frozenset({"linked", "reordered"})
"""Kinds that touch a card because of another one: not an update of what was imported."""

Importing = ImportCard | ImportStock


class Told(Protocol):
    """What a submission says it did (workspace.Receipt)."""

    @property
    def events(self) -> tuple[Event, ...]:
        """Its facts."""


class Outcome(Struct, frozen=True):
    """How many records (cards, and products of a stock list) are new, got something new, or were known as they are."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def carry_out(
    submit: Callable[[list[Importing]], Told],
    reading: Reading,
    progress: Progress = silent,
    chunk: int = CHUNK,
) -> Outcome:
    """Submit everything in a reading; `progress` counts the records that are kept, and may end it there.

    Raises:
        Refused, StoreError: from `submit`; the chunks before it are kept.
    """
    commands = list(commands_of(reading))
    created: set[tuple[str, int]] = set()
    touched: set[tuple[str, int]] = set()
    for start in range(0, len(commands), chunk):
        events = submit(commands[start : start + chunk]).events
        created |= {(e.table, e.id) for e in events if _is_new(e)}
        touched |= {(e.table, e.id) for e in events if e.kind not in _ASIDE}
        progress(min(start + chunk, len(commands)), len(commands))
    updated = len(touched - created)
    return Outcome(len(created), updated, len(commands) - len(created) - updated)


def commands_of(reading: Reading) -> Iterator[Importing]:
    """One command a record, in the reading's order."""
    yield from reading.stock
    for draft in reading.drafts:
        yield ImportCard(draft=draft)


def count_new(reading: Reading, state: Reader) -> Outcome:
    """What carrying it out would create; what is known counts as unchanged, though some may get something new."""
    skus = {doc["sku"] for _id, doc in state.items("products")} if reading.stock else set()
    known = [command.product.sku in skus for command in reading.stock]
    known += [state.find_external(draft.source, draft.external_id) is not None for draft in reading.drafts]
    return Outcome(created=known.count(False), unchanged=known.count(True))


def _is_new(event: Event) -> bool:
    return event.kind == "created" or (event.kind == "stock_recorded" and bool(event.data.get("new")))
