"""What was typed into a form when the console went away: a line that broke, a terminal that was closed, a kill.

It lies beside the member's preferences (`preferences/drafts/NAME/`), a file a form, and stands in that form when it is
opened again. While a form is open what is typed lies in a file of this process, which counts once the process is gone:
another console of the same member does not take it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from urllib.parse import quote

import msgspec
from msgspec import Struct

from opstui.ui.preferences import FOLDER

MOST = 1_000_000
"""Bytes of a draft that are read: what is larger was not written here."""


class Typed(Struct, frozen=True):
    """A field of a form: what stood in it at first, and what was typed."""

    before: str
    text: str


class Draft:
    """The draft of one form of one member. `texts` is what was left there: field -> Typed."""

    def __init__(self, workspace: Path, member: str, form: str) -> None:
        """`form` names it: "comment-12", "new-orders"."""
        self._workspace, self._name = workspace, quote(form, safe="")
        self._folder = workspace / FOLDER / "drafts" / quote(member, safe="")
        self._left, self._open = f"{self._name}.json", f"{self._name}.{os.getpid()}.json"
        self._writing, self._over = Lock(), False
        self._found = sorted(self._of_the_gone(), key=_written)
        self.texts = next((texts for path in reversed(self._found) if (texts := _read(path))), {})

    def keep(self, texts: Mapping[str, Typed], *, ended: bool = True) -> bool:
        """Leave this behind, or (not `ended`) have it left behind should the console be killed; whether it is written.

        Any thread may call this; once it is dropped nothing is written.
        """
        with self._writing:
            if self._over or not self._workspace.is_dir():
                return False
            try:
                self._folder.mkdir(mode=0o770, parents=True, exist_ok=True)
                temporary = self._folder / f"{self._name}.{os.getpid()}.tmp"
                temporary.write_bytes(msgspec.json.encode(texts))
                temporary.replace(self._folder / (self._left if ended else self._open))
                if ended:
                    (self._folder / self._open).unlink(missing_ok=True)
            except OSError:
                return False
            return True

    def drop(self) -> None:
        """It has been saved, or given up."""
        with self._writing:
            self._over = True
            for path in {*self._found, self._folder / self._open}:
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def _of_the_gone(self) -> Iterator[Path]:
        """The files that consoles left which are no more."""
        with suppress(OSError):
            for path in self._folder.glob(f"{self._name}.*json"):
                process = path.name[len(self._name) + 1 : -len(".json")]
                if path.name == self._left or (process.isdecimal() and not _runs(int(process))):
                    yield path


def _read(path: Path) -> Mapping[str, Typed]:
    """A draft that cannot be read is none: it must not keep a form from opening."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(MOST), type=dict[str, Typed])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
