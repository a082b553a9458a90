"""Large workspaces in seconds: orders with years of history, written as sealed lines and not through the one door.

What stands in the files is what the door would have written: each move is a batch of its own, old and new values side
by side. db.json is written as docs/storage.md describes it, up to the last batch but one; then the program brings it up
to date, so that whatever it keeps beside it is of its own making.
"""

from __future__ import annotations

import os
import random
import zlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from bench.shop import LANES, OWNER, order
from opstui.store import open_store
from opstui.store.codec import VERSION, Fact, Line, seal, unseal
from opstui.store.segments import following, segments
from opstui.workspace import create_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opstui.domain.model import Doc

BEGAN = datetime(2025, 1, 6, 1, tzinfo=UTC)
SEGMENT = 64 << 20
"""Bytes after which a new segment is begun."""
_PER_BATCH = 500
"""Orders a batch, as an import makes them."""
_PACE = timedelta(seconds=40)
_STAGES = [stage for stage, share in LANES.items() for _ in range(share)]
_BEHIND = 1_000_000
"""A rank behind all that the orders were made with."""


_OPEN = [stage for stage in _STAGES if stage != "closed"]
_AT_ONCE = 0.01
"""The share of a shop's orders that are open at once: a hundred times as many are done."""


def make_archive(folder: Path, cards: int, events: int, *, over: bool = False) -> Path:
    """A workspace in `folder` with that many orders and about `events` events, most of them moves.

    All its orders move all the time; with `over` they come and go as in a shop, and most are done long ago.
    """
    workspace = create_workspace(folder, lambda: BEGAN, owner=OWNER.name, name=f"{cards} orders")
    others = {"members": dict(workspace.state.items("members"))}
    workspace.close()
    dice = random.Random(cards + events)  # noqa: S311 - the same archive every time
    pen = _Pen(folder)
    docs: dict[int, Doc] = {}
    write = _come_and_go if over else _all_at_once
    write(pen, dice, docs, cards, events - 1)
    _write_state(folder, pen, {**others, "cards": docs})
    pen.write(_moved(pen, dice, docs))
    pen.close()
    store = open_store(folder)
    store.snapshot()
    store.close()
    return folder


def _all_at_once(pen: _Pen, dice: random.Random, docs: dict[int, Doc], cards: int, events: int) -> None:
    for first in range(1, cards + 1, _PER_BATCH):
        pen.write(_opened(pen, dice, docs, range(first, min(first + _PER_BATCH, cards + 1))))
    for _ in range(events - cards):
        pen.write(_moved(pen, dice, docs))


def _come_and_go(pen: _Pen, dice: random.Random, docs: dict[int, Doc], cards: int, events: int) -> None:
    """One order after the other, each with its share of moves, the last of them to where it is done."""
    moves, most = max(2, -(-events // cards)), max(2, round(cards * _AT_ONCE))
    left: dict[int, int] = {}
    for _ in range(events):
        if len(docs) < cards and len(left) < most:
            number = len(docs) + 1
            pen.write(_opened(pen, dice, docs, range(number, number + 1), soon=True))
            left[number] = moves
            continue
        number = dice.choice(list(left)) if left else dice.randint(1, cards)
        left[number] = left.get(number, moves) - 1
        pen.write(_moved(pen, dice, docs, number, _OPEN if left[number] else ["closed"]))
        if not left[number]:
            del left[number]


def add_tail(folder: Path, batches: int) -> None:
    """That many moves more, which db.json does not know of."""
    store = open_store(folder)
    docs = dict(store.items("cards"))
    store.close()
    pen, dice = _Pen(folder), random.Random(batches)  # noqa: S311
    for _ in range(batches):
        pen.write(_moved(pen, dice, docs))
    pen.close()


def _write_state(folder: Path, pen: _Pen, tables: dict[str, dict[int, Doc]]) -> None:
    """db.json as of the last line that was written."""
    ids = {**{name: max(docs) for name, docs in tables.items()}, "ORD": len(tables["cards"])}
    place = {"segment": pen.segment, "offset": pen.offset, "crc": pen.crc}
    meta = {"schema": VERSION, "seq": pen.n, "ids": ids, **place, "snapshot": "0" * 16, "sum": "0" * 8}
    encode = msgspec.json.encode
    parts = [b'"_meta":{\n"1":%b\n}' % encode(meta)]
    for name, docs in tables.items():
        lines = (b'"%d":%b' % (number, encode(doc)) for number, doc in docs.items())
        parts.append(b"%b:{\n%b\n}" % (encode(name), b",\n".join(lines)))
    raw = b"{" + b",\n".join(parts) + b"\n}\n"
    total = b'"sum":"%08x"' % zlib.crc32(raw)
    target = folder / "data" / "db.json"
    target.unlink(missing_ok=True)  # it may be shut against writing
    target.write_bytes(raw.replace(b'"sum":"00000000"', total, 1))


class _Pen:
    """The end of a workspace's journal, and the time there."""

    def __init__(self, folder: Path) -> None:
        self._journal = folder / "data" / "journal"
        self.segment = segments(self._journal)[-1]
        self._file = (self._journal / self.segment).open("ab", buffering=1 << 20)
        last = _last_line(self._journal / self.segment)
        self.n, self.at, self.crc = last.n, last.at, ""

    @property
    def offset(self) -> int:
        """Where the next line begins."""
        return self._file.tell()

    def write(self, line: Line) -> None:
        if self.offset > SEGMENT:
            self._file.close()
            self.segment = following(self.segment)
            self._file = (self._journal / self.segment).open("xb", buffering=1 << 20)
        raw = seal(line)
        self._file.write(raw)
        self.crc = raw[-11:-3].decode()

    def next(self) -> tuple[int, datetime]:
        """The number and the time of the batch to come."""
        self.n += 1
        self.at += _PACE
        return self.n, self.at

    def close(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


def _last_line(path: Path) -> Line:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - (4 << 20)))
        line = unseal(file.read().splitlines()[-1])
    assert line is not None
    return line


def _opened(pen: _Pen, dice: random.Random, docs: dict[int, Doc], ids: range, *, soon: bool = False) -> Line:
    n, at = pen.next()
    when = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    line = Line(n=n, v=VERSION, at=at, by=OWNER.name, via="import", ids={"cards": ids[-1], "ORD": ids[-1]})
    facts, changes = [], []
    for number in ids:
        command = order(dice, list(LANES), list(LANES.values()))
        if soon:
            command.fields["due"] = f"{at + timedelta(days=dice.randint(3, 10)):%Y-%m-%d}"
        told = {
            "ref": f"ORD-{number:04d}",
            "board": "orders",
            "stage": "new" if soon else command.stage,
            "title": command.title,
        }
        doc = {"id": number, "kind": "order", **told, "created": when, "entered": when, "rank": float(number)}
        docs[number] = {**doc, "version": 1, **{field: value for field, value in command.fields.items() if value}}
        facts.append(Fact(kind="created", on=("cards", number), data=told))
        changes.append(("cards", number, (None, docs[number])))
    return msgspec.structs.replace(line, events=facts, changes=changes)


def _moved(
    pen: _Pen, dice: random.Random, docs: dict[int, Doc], card: int = 0, stages: Sequence[str] = _STAGES
) -> Line:
    n, at = pen.next()
    number = card or 1 + int(dice.random() * len(docs))
    doc = docs[number]
    stage = doc["stage"]
    while stage == doc["stage"]:
        stage = stages[int(dice.random() * len(stages))]
    when, rank, version = f"{at.isoformat()[:19]}Z", float(_BEHIND + n), doc["version"]
    told = {"stage": (doc["stage"], stage), "entered": (doc["entered"], when), "rank": (doc["rank"], rank)}
    docs[number] = {**doc, "stage": stage, "entered": when, "rank": rank, "version": version + 1}
    return Line(
        n=n,
        v=VERSION,
        at=at,
        by=OWNER.name,
        via="console",
        events=[Fact(kind="moved", on=("cards", number), changed=told)],
        changes=[("cards", number, {**told, "version": (version, version + 1)})],
    )
