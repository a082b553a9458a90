"""A workspace to be damaged, ways to damage it, and what the doctor then says."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from builders import card_doc
from opstui.store.doctor import Finding, Report, examine
from opstui.store.file import FileStore
from store.making import AT, change, journal_of, new_store

NOW = AT + timedelta(days=1)


def look(path: Path, now: datetime = NOW) -> Report:
    return examine(path, now)


def codes(report: Report, *levels: str) -> list[str]:
    return [finding.code for finding in report.findings if not levels or finding.level in levels]


def only(report: Report) -> Finding:
    (finding,) = report.findings
    assert finding.next, "a next step"
    return finding


def put(store: FileStore, number: int, at: datetime = AT, via: str = "cli", **fields: Any) -> None:
    """A whole card: one that the doctor finds nothing wrong with."""

    def new(tx: Any) -> None:
        tx.put("cards", number, card_doc(number, **fields))
        tx.next_id("ORD")

    store.transact(new, at=at, by="rina", via=via)


def sealed(body: bytes) -> bytes:
    """A line with its CRC."""
    return b'%b,"crc":"%08x"}\n' % (body, zlib.crc32(body))


def reseal(line: bytes, old: bytes, new: bytes) -> bytes:
    """A line that says something else, with a CRC that is right."""
    body = line.partition(b',"crc"')[0]
    assert old in body
    return sealed(body.replace(old, new, 1))


def five(path: Path) -> FileStore:
    """A workspace of five batches, of which db.json holds three."""
    made = new_store(path)
    for number in (1, 2, 3):
        put(made, number)
    made.snapshot()
    change(made, 1, title="Other")
    put(made, 4)
    (path / "data" / "lock").write_bytes(b"")  # so that nobody knows what was acknowledged
    return made


def lines(store: FileStore) -> list[bytes]:
    return journal_of(store.path).read_bytes().splitlines(keepends=True)


def write(store: FileStore, *raw: bytes) -> None:
    journal_of(store.path).write_bytes(b"".join(raw))
