"""The workspaces that this person opened lately, for who starts without naming one.

A convenience in their own state folder: nothing depends on it, so what cannot be read or written is passed over. A
console that is served keeps none: all who use it share one home.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from opstui import faults

FILE = "recent.json"
DEMO = "opstui-demo-"
"""How the folders begin that sample shops are made in."""
KEPT = 20
LARGEST = 1 << 16
"""Bytes; no list of ours is longer."""


class Recent(Struct, frozen=True):
    """A workspace, what people call it, and when it was opened last (ISO 8601, UTC)."""

    path: str
    name: str
    at: str


def recent() -> list[Recent]:
    """Those that are still there, the one opened last first."""
    return [known for known in _read() if (Path(known.path) / "data").is_dir()]


def remember(path: Path, name: str, at: str) -> None:
    """This one was opened."""
    own = os.path.realpath(path)
    others = [known for known in _read() if known.path != own and not (_is_demo(own) and _is_demo(known.path))]
    try:
        text = msgspec.json.format(msgspec.json.encode([Recent(own, name, at), *others][:KEPT]), indent=1)
    except UnicodeEncodeError:
        return  # a path that is no text
    temporary = _place().with_name(f".{FILE}.{os.getpid()}")
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(text)
        temporary.replace(_place())
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _is_demo(path: str) -> bool:
    """Whether it is one of the sample shops, of which the newest is enough."""
    return Path(path).parent.name.startswith(DEMO)


def _place() -> Path:
    return faults.log_path().with_name(FILE)


def _read() -> list[Recent]:
    try:
        with _place().open("rb") as file:
            return msgspec.json.decode(file.read(LARGEST), type=list[Recent])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
