"""Short ways to make stores and to change them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from opstui.domain.events import Batch, Event
from opstui.store.core import Core
from opstui.store.file import FileStore, create_store, open_store
from opstui.store.transaction import Transaction

AT = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
SEGMENT = "00000001.jsonl"
T = TypeVar("T")


def new_store(path: Path) -> FileStore:
    create_store(path)
    (path / "opstui.toml").write_text('name = "Toko"\n')
    return open_store(path)


def journal_of(path: Path) -> Path:
    return path / "data" / "journal" / SEGMENT


def run(store: Core, change: Callable[[Transaction], T]) -> tuple[T, Batch | None]:
    return store.transact(change, at=AT, by="rina", via="cli")


def card(number: int, stage: str = "new", **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "ref": f"ORD-{number:04d}",
        "board": "orders",
        "stage": stage,
        "title": f"Card {number}",
        "rank": float(number),
        **fields,
    }


def add(store: Core, stage: str = "new", **fields: Any) -> int:
    def change(tx: Transaction) -> int:
        number = tx.next_id("cards")
        tx.put("cards", number, card(number, stage, **fields))
        data = {"ref": f"ORD-{number:04d}", "board": "orders", "stage": stage, "title": f"Card {number}"}
        tx.event(Event(kind="created", table="cards", id=number, at=AT, by="rina", via="cli", data=data))
        return number

    return run(store, change)[0]


def change(store: Core, number: int, **fields: Any) -> Batch | None:
    return run(store, lambda tx: tx.put("cards", number, {**(tx.get("cards", number) or {}), **fields}))[1]


def contents(store: Core) -> dict[str, dict[int, dict[str, Any]]]:
    return {table: dict(store.items(table)) for table in store.tables()}


def recorded(patch: pytest.MonkeyPatch, module: object, *names: str) -> list[str]:
    """The names of these functions of a module, each time one is called from now on."""
    calls: list[str] = []

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            calls.append(name)
            return real(*args)

        return call

    for name in names:
        patch.setattr(module, name, wrapped(name, getattr(module, name)))
    return calls


def rewrite(file: Path, content: str | bytes) -> None:
    """Put another file in its place, as most editors do: a session that has it open is left alone."""
    file.unlink()
    file.write_bytes(content.encode() if isinstance(content, str) else content)
