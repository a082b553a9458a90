"""Cards and events as CSV and JSON, for spreadsheets and programs: nothing is lost, and nothing runs.

The CSV of cards is written for people and for `import cards` (see `spreadsheet`): money in major units, lists as they
are typed. JSON is for programs: money in minor units, and it says so. What no form edits (checklist, links, blocker)
and the columns of events are JSON in their cell. Times are ISO 8601 UTC. Columns keep their order for good.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from msgspec.structs import fields

from opstui.config import Settings
from opstui.domain.events import Batch, Event
from opstui.domain.model import DETAILS, CardCore, Doc, clean, fields_of, plain
from opstui.domain.state import Reader
from opstui.exports.records import card_record
from opstui.progress import Progress, silent
from opstui.spreadsheet import guarded, written
from opstui.typed import Here

Form = Literal["csv", "json"]
_FIRST = ("id", "kind", "board", "stage", "title")
_INNER = ("ref", "rank")
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Writing reads no day that is not spelled out."""
PIECE = 500
"""Records between two words about how far it is."""
EVENT_COLUMNS = ("n", "at", "written", "by", "via", "kind", "table", "id", "ref", "changed", "data")


def card_columns(kinds: Iterable[str]) -> tuple[str, ...]:
    """The columns of cards of these kinds: what every card has, then what each kind adds, in the order of the model."""
    names = [f.name for f in fields(CardCore)] + [f.name for kind in kinds for f in fields(DETAILS[kind])]
    rest = [name for name in dict.fromkeys(names) if name not in (*_FIRST, *_INNER)]
    return (*_FIRST, *rest)


def cards(
    ids: Sequence[int], state: Reader, settings: Settings, form: str, progress: Progress = silent
) -> Iterator[str]:
    """Cards by their ids, in pieces. `id` is what people call them (ORD-0042), and so are the cards named in links.

    Raises:
        ValueError: `form` is neither csv nor json.

    """
    docs = _counted((doc for i in ids if (doc := state.get("cards", i)) is not None), len(ids), progress)
    if form == "json":
        return _json("opstui.cards/1", "cards", (card_record(doc, state) for doc in docs), money="minor units")
    cells = (_card_cells(doc["kind"], card_record(doc, state), settings) for doc in docs)
    return _csv(form, card_columns(_kinds(ids, state, settings)), cells)


def _kinds(ids: Sequence[int], state: Reader, settings: Settings) -> list[str]:
    """The kinds of these cards in the order of the boards; of all boards where there is no card."""
    found = {(doc["board"], doc["kind"]) for i in ids if (doc := state.get("cards", i)) is not None}
    boards = {board for board, _kind in found}
    kinds = [board.kind for board in settings.boards if board.id in boards or not found]
    return list(dict.fromkeys([*kinds, *sorted({kind for _board, kind in found} - set(kinds))]))


def _counted(docs: Iterable[Doc], total: int, progress: Progress) -> Iterator[Doc]:
    """The documents, telling now and then how many went by."""
    for n, doc in enumerate(docs):
        if n % PIECE == 0:
            progress(n, total)
        yield doc
    progress(total, total)


def _card_cells(kind: str, record: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """A record with its fields as cells; amounts say their currency, also where it is the workspace's own."""
    known = {field.name: field for field in fields_of(kind)}
    amounts = any(record.get(name) for name, field in known.items() if field.shape in ("money", "list"))
    if amounts and "currency" in known:
        record = record | {"currency": record["currency"] or settings.currency}
    here = Here(_NO_TIME, settings.zone, record.get("currency") or settings.currency)
    return {
        name: Cell(written(known[name], value, here)) if name in known else (value if value != [] else None)
        for name, value in record.items()
    }


class Cell(str):
    """A text that is fit for its cell as it stands."""

    __slots__ = ()


def events(history: Iterable[Batch], ids: Collection[int], state: Reader, form: str, *, every: bool) -> Iterator[str]:
    """The events of these cards, or `every` event there is, in the order they were written; in pieces.

    Raises:
        ValueError: `form` is neither csv nor json.

    """
    refs = _refs(state)
    records = (
        event_record(batch, event, refs)
        for batch in history
        for event in batch.events
        if every or (event.table == "cards" and event.id in ids)
    )
    return _json("opstui.events/1", "events", records) if form == "json" else _csv(form, EVENT_COLUMNS, records)


def event_record(batch: Batch, event: Event, ref: Callable[[int], str | None]) -> dict[str, Any]:
    """An event as JSON values: `n` is its batch, `changed` maps field to [before, after]."""
    return {
        "n": batch.n,
        "at": plain(event.at),
        "written": plain(batch.at),
        "by": event.by,
        "via": event.via,
        "kind": event.kind,
        "table": event.table,
        "id": event.id,
        "ref": ref(event.id) if event.table == "cards" else None,
        "changed": {name: [old, new] for name, (old, new) in event.changed.items()},
        "data": event.data,
    }


def _refs(state: Reader) -> Callable[[int], str | None]:
    known: dict[int, str | None] = {}

    def ref(number: int) -> str | None:
        if number not in known:
            doc: Doc = state.get("cards", number) or {}
            known[number] = doc.get("ref")
        return known[number]

    return ref


def as_json(head: dict[str, Any], name: str, records: Iterable[Any]) -> str:
    """A document of a few records, one a line."""
    return "".join(_document(head, name, records))


def as_csv(form: str, header: Sequence[str], records: Iterable[dict[str, Any]]) -> str:
    """A table of a few records.

    Raises:
        ValueError: `form` is not csv.
    """
    return "".join(_csv(form, header, records))


def _json(schema: str, name: str, records: Iterable[Any], **more: str) -> Iterator[str]:
    """One record a line, so that `grep` and `diff` work on it too."""
    return _document({"schema": schema, **more}, name, records)


def _document(head: dict[str, Any], name: str, records: Iterable[Any]) -> Iterator[str]:
    yield f'{_compact(head)[:-1]},"{name}":[\n'
    for n, record in enumerate(records):
        yield (",\n" if n else "") + _compact(record)
    yield "\n]}\n"


def _csv(form: str, header: Sequence[str], records: Iterable[dict[str, Any]]) -> Iterator[str]:
    if form != "csv":
        raise ValueError(form)
    return _rows(header, records)


def _rows(header: Sequence[str], records: Iterable[dict[str, Any]]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for n, record in enumerate(records):
        writer.writerow([_cell(record.get(name)) for name in header])
        if n % PIECE == PIECE - 1:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _cell(value: Any) -> str:
    if value is None or isinstance(value, Cell):
        return value or ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    return guarded(clean(value) if isinstance(value, str) else _compact(value))


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
