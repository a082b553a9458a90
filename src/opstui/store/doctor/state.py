"""The state that a history leads to, worked out with plain dictionaries and on its own account.

Every patch says what stood there before: so each line is also a witness against the lines before it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from opstui.domain.model import Doc
from opstui.i18n import _
from opstui.store.codec import VERSION
from opstui.store.doctor.finding import Finding
from opstui.store.migrations import known, newest_patch

_KEPT = 20
_TICK = timedelta(seconds=1)


class Batch(Struct, gc=False):
    """What the doctor wants to know of a line."""

    n: int
    v: int
    at: datetime
    by: str = ""
    via: str = ""
    ids: dict[str, int] = {}
    events: list[dict[str, Any]] = []
    changes: list[tuple[str, int, Any]] = []


class State:
    """All tables after batch `seq`, and what was odd on the way there (the first few of it)."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self.tables: dict[str, dict[int, Doc]] = {}
        self.ids: dict[str, int] = {}
        self.seq = 0
        self.events = 0
        self.first: datetime | None = None
        self.at: datetime | None = None
        self.latest: tuple[datetime, int] = (datetime.min.replace(tzinfo=UTC), 0)
        """The latest time of any batch, and its number."""
        self.back: list[tuple[int, timedelta]] = []
        """Batches that are older than the one before them, imports aside, and by how much."""
        self._step: datetime | None = None
        self.odd: list[Finding] = []

    def apply(self, batch: Batch) -> None:
        """Make a batch part of the state."""
        self.seq, self.events = batch.n, self.events + len(batch.events)
        if batch.via != "import":  # an import may be told at a time of its own, as the demo's sample is
            if self._step is not None and batch.at < self._step - _TICK:
                self.back.append((batch.n, self._step - batch.at))
            self._step = batch.at
        self.first, self.at = self.first or batch.at, batch.at
        self.latest = max(self.latest, (batch.at, batch.n))
        for table, doc_id, patch in batch.changes:
            if batch.v < VERSION and known(batch.v, VERSION):
                patch = newest_patch(table, patch, batch.v, VERSION)  # noqa: PLW2901 - the same, as it is today
            self._change(batch.n, table, doc_id, patch)
        for name, number in batch.ids.items():
            if number < self.ids.get(name, 0):
                self._note(batch.n, name, _("the numbers of {name} go back to {n}").format(name=name, n=number))
            self.ids[name] = number

    def _change(self, n: int, table: str, doc_id: int, patch: Any) -> None:
        docs = self.tables.setdefault(table, {})
        before = docs.get(doc_id)
        place = f"{table} {doc_id}"
        if isinstance(patch, dict):
            if before is None:
                self._note(n, place, _("it is changed, but was not there"))
                return
            wrong = [field for field, (old, _new) in patch.items() if before.get(field) != old]
            if wrong:
                self._note(n, place, _("before it, {fields} held something else").format(fields=", ".join(wrong)))
            after = {**before, **{field: new for field, (_old, new) in patch.items()}}
            docs[doc_id] = {field: value for field, value in after.items() if value is not None}
        elif patch[0] != before:
            self._note(n, place, _("it was there already") if patch[0] is None else _("it was not as the line says"))
        if not isinstance(patch, dict):
            docs[doc_id] = patch[1]
            if patch[1] is None:
                del docs[doc_id]

    def _note(self, n: int, place: str, says: str) -> None:
        if len(self.odd) < _KEPT:
            self.odd.append(
                Finding(
                    level="error",
                    code="contradiction",
                    place=_("batch {n}, {place}").format(n=n, place=place),
                    says=says,
                    next=_("two programs wrote without the lock, or the journal was edited: compare it with a backup"),
                )
            )
