"""One batch <-> one line of the journal, as docs/storage.md describes it.

The CRC stands last, so that a line is checked without being parsed, and `n` first, so that a batch is found by
searching for bytes. Decoding is typed: what is not of this shape never reaches the state.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from opstui.domain.events import Batch, Change, Event
from opstui.domain.model import Doc, Refused
from opstui.i18n import _
from opstui.store.migrations import known, newest_patch
from opstui.store.protocol import NewerFormat

VERSION = 1
"""Of the line and of the snapshot. A reader that meets a higher one stops."""

Patch = dict[str, tuple[Any, Any]] | tuple[Doc | None, Doc | None]
CRC_LENGTH = len(',"crc":"xxxxxxxx"}')
_INT_LIMIT = 2**63


class Fact(msgspec.Struct, omit_defaults=True, gc=False):
    """An event on disk: what the batch says already (when, who, how) is left out."""

    kind: str
    on: tuple[str, int]
    at: datetime | None = None
    by: str | None = None
    via: str | None = None
    changed: dict[str, tuple[Any, Any]] = {}
    data: dict[str, Any] = {}


class Line(msgspec.Struct, omit_defaults=True, gc=False):
    """A batch on disk. `ids` holds only the sequences that went on."""

    n: int
    v: int
    at: datetime
    by: str
    via: str
    ids: dict[str, int] = {}
    events: list[Fact] = []
    changes: list[tuple[str, int, Patch]] = []


class _Head(msgspec.Struct):
    n: int
    v: int


_line = msgspec.json.Decoder(Line)
_head = msgspec.json.Decoder(_Head)
_encode = msgspec.json.Encoder().encode


def seal(line: Line) -> bytes:
    """The line as it is written, newline included."""
    body = _encode(line)[:-1]
    return b'%b,"crc":"%08x"}\n' % (body, zlib.crc32(body))


def intact(raw: bytes) -> bool:
    """Whether the bytes of a line (without newline) are those that were written."""
    if raw[-CRC_LENGTH:-10] != b',"crc":"' or raw[-2:] != b'"}':
        return False
    try:
        return zlib.crc32(memoryview(raw)[:-CRC_LENGTH]) == int(raw[-10:-2], 16)
    except ValueError:
        return False


def unseal(raw: bytes) -> Line | None:
    """The line in its bytes (without newline), or None when they are not what was written.

    Raises:
        NewerFormat: it is whole, and from a newer opstui.
    """
    if not intact(raw):
        return None
    try:
        line = _line.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        line = None
    if line is not None and line.v == VERSION:
        return line
    if line is not None and line.v < VERSION and known(line.v, VERSION):
        return _newest(line)
    try:
        head = _head.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if head.v <= VERSION:
        return None
    raise NewerFormat(
        _("batch {n} was written by a newer opstui; nothing was changed. Leave, and start the newer opstui").format(
            n=head.n
        )
    )


def _newest(line: Line) -> Line:
    """A line that an older opstui wrote, as this one would have written it."""
    line.changes = [(table, i, newest_patch(table, patch, line.v, VERSION)) for table, i, patch in line.changes]
    for told in line.events:
        told.changed = newest_patch(told.on[0], told.changed, line.v, VERSION)
    line.v = VERSION
    return line


def number(raw: bytes) -> int | None:
    """The number of the batch in an intact line (without newline), whatever its version; None when it is not intact."""
    if not intact(raw):
        return None
    try:
        return _head.decode(raw).n
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def fact(event: Event, at: datetime, by: str, via: str) -> Fact:
    """An event as it is written in a batch of that time, author and way; a new document's fields stand in changes."""
    when = utc_time(event.at)
    return Fact(
        kind=event.kind,
        on=(event.table, event.id),
        at=None if when == at else when,
        by=None if event.by == by else event.by,
        via=None if event.via == via else event.via,
        changed={} if event.kind == "created" else {f: (pure(a), pure(b)) for f, (a, b) in event.changed.items()},
        data=pure(event.data) if event.data else {},
    )


def batch_of(line: Line) -> Batch:
    """The batch that a line tells of."""
    events = tuple(
        Event(
            kind=f.kind,
            table=f.on[0],
            id=f.on[1],
            at=f.at or line.at,
            by=line.by if f.by is None else f.by,
            via=line.via if f.via is None else f.via,
            changed=f.changed,
            data=f.data,
        )
        for f in line.events
    )
    changes: tuple[tuple[str, int, dict[str, Change] | Change], ...] = tuple(line.changes)
    return Batch(n=line.n, at=line.at, by=line.by, via=line.via, events=events, changes=changes)


def of_kind(kind: str, changed: Collection[str], kinds: Collection[str] | None) -> bool:
    """Whether an event is one of `kinds`: "moved", or "edited.due" when it changed that field; None is any."""
    return kinds is None or kind in kinds or any(f"{kind}.{field}" in kinds for field in changed)


def utc_time(at: datetime) -> datetime:
    """An aware time, in UTC.

    Raises:
        ValueError: it has no zone, so nobody can tell when it was.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC)


def pure(value: Any) -> Any:
    """A copy that holds JSON values only (tuples as lists), so that what is kept is what will be read back.

    Raises:
        Refused: JSON cannot hold it: NaN, infinity, an integer over 64 bits, a lone surrogate, another type.
    """
    kind = type(value)
    if kind is str:
        if _whole(value):
            return value
    elif kind is bool or value is None:
        return value
    elif kind is int:
        if -_INT_LIMIT <= value < _INT_LIMIT:
            return value
    elif kind is float:
        if math.isfinite(value):
            return value
    elif isinstance(value, list | tuple):
        return [pure(v) for v in value]
    elif isinstance(value, Mapping):
        return {_key(k): pure(v) for k, v in value.items()}
    raise _impossible(value)


def pure_doc(doc: Mapping[str, Any], before: Mapping[str, Any]) -> Doc:
    """A document of JSON values; a field that is None is a field that is not there.

    What is the very object that stands in `before` has been through here, and is not looked at again.
    """
    copy: Doc = {}
    for field, value in doc.items():
        if value is not None:
            if before.get(field) is value:
                copy[field] = value
            else:
                copy[_key(field)] = pure(value)
    return copy


def _key(key: Any) -> str:
    if type(key) is str and _whole(key):
        return key
    raise _impossible(key)


def _impossible(value: Any) -> Refused:
    return Refused(_("{value} cannot be stored as JSON; nothing was changed").format(value=repr(value)[:80]))


def _whole(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
