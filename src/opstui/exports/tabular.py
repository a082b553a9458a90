"""Cards and events as CSV and JSON, for spreadsheets and programs: nothing is lost, and nothing runs.

A spreadsheet takes a cell that begins with = + - @ for a formula, so such a text gets an apostrophe in front, and one
that has apostrophes there already gets one more: `unguarded` takes exactly that one away again. Times are ISO 8601
UTC, money is in minor units, lists and objects are JSON in their cell. Columns keep their order for good.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Literal

from msgspec.structs import fields

from opstui.config import Settings
from opstui.domain.events import Batch, Event
from opstui.domain.model import DETAILS, CardCore, Doc, clean, plain
from opstui.domain.state import Reader
from opstui.exports.records import card_record

Form = Literal["csv", "json"]
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_FIRST = ("id", "kind", "board", "stage", "title")
_INNER = ("ref", "rank")
EVENT_COLUMNS = ("n", "at", "written", "by", "via", "kind", "table", "id", "ref", "changed", "data")


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def card_columns(kinds: Iterable[str]) -> tuple[str, ...]:
    """The columns of cards of these kinds: what every card has, then what each kind adds, in the order of the model."""
    names = [f.name for f in fields(CardCore)] + [f.name for kind in kinds for f in fields(DETAILS[kind])]
    rest = [name for name in dict.fromkeys(names) if name not in (*_FIRST, *_INNER)]
    return (*_FIRST, *rest)


def cards(ids: Sequence[int], state: Reader, settings: Settings, form: str) -> str:
    """Cards by their ids. `id` is what people call them (ORD-0042), and so are the cards named in links.

    Raises:
        ValueError: `form` is neither csv nor json.

    """
    docs = [doc for i in ids if (doc := state.get("cards", i)) is not None]
    records = [card_record(doc, state) for doc in docs]
    if form == "json":
        return _json("opstui.cards/1", "cards", records)
    boards = {doc["board"] for doc in docs}
    kinds = [board.kind for board in settings.boards if board.id in boards or not docs]
    kinds += sorted({doc["kind"] for doc in docs} - set(kinds))
    return _csv(form, card_columns(dict.fromkeys(kinds)), records)


def events(history: Iterable[Batch], ids: Collection[int], state: Reader, form: str, *, every: bool) -> str:
    """The events of these cards, or `every` event there is, in the order they were written.

    Raises:
        ValueError: `form` is neither csv nor json.

    """
    refs = _refs(state)
    records = [
        event_record(batch, event, refs)
        for batch in history
        for event in batch.events
        if every or (event.table == "cards" and event.id in ids)
    ]
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


def _json(schema: str, name: str, records: Iterable[Any]) -> str:
    """One record a line, so that `grep` and `diff` work on it too."""
    lines = ",\n".join(_compact(record) for record in records)
    return f'{{"schema":{json.dumps(schema)},"{name}":[\n{lines}\n]}}\n'


def _csv(form: str, header: Sequence[str], records: Iterable[dict[str, Any]]) -> str:
    if form != "csv":
        raise ValueError(form)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(record.get(name)) for name in header] for record in records)
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return guarded(clean(value) if isinstance(value, str) else _compact(value))


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
