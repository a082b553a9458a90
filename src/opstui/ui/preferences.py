"""What a member has chosen about their console, kept from one sitting to the next: theme, last board, the numbers.

It lies in the workspace (`preferences/NAME.json`), one file a member: a served console may write nowhere else, all its
members share one home, and a copy or a backup takes it along. It is no part of the history: nobody else's screen
depends on it, and losing it costs a key or two. So a file that cannot be read is a warning and no more.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec import Struct

from opstui.i18n import _
from opstui.smallfile import read_small

FOLDER = "preferences"


class OwnFilter(Struct, frozen=True):
    """A filter a member saved for themselves: its name, its query as typed, and the board's id ("" for any)."""

    name: str
    query: str
    board: str = ""


class Preferences(Struct, frozen=True):
    """A member's choices; what is empty is left to the workspace."""

    theme: str = ""
    board: str = ""
    """The board they looked at last."""
    numbers: bool = True
    """Whether the numbers stand beside the board where there is room."""
    groups: tuple[str, ...] = ()
    """The groups of numbers they want first, the last chosen before the others; empty for what their role has."""
    faces: str = ""
    """How cards are drawn: list, compact, roomy; empty for what there is room for."""
    sorts: dict[str, dict[str, str]] = {}
    """Board -> stage -> how the lane is sorted, as `Sort` writes it."""
    swimlanes: dict[str, str] = {}
    """Board -> the field that cuts it into swimlanes."""
    folded: dict[str, tuple[str, ...]] = {}
    """Board/field -> the swimlanes that are closed."""
    shown: dict[str, tuple[str, ...]] = {}
    """Board -> what stands on its cards' faces, when that is not the usual."""
    figures: dict[str, str] = {}
    """Board -> the number that its lanes' heads tell."""
    filters: tuple[OwnFilter, ...] = ()
    """Filters saved for oneself."""
    recent: tuple[str, ...] = ()
    """What was chosen from the palette, the last first."""
    toured: bool = False
    """They have been shown around."""
    greeted: bool = False
    """Whether they have been told, once, where the help is."""


class Kept:
    """The preferences of one member on one workspace. Several sessions may keep theirs: each writes what it chose.

    A choice made by board or by lane is written for that one alone: another session may have chosen for the next.
    """

    def __init__(self, workspace: Path, member: str) -> None:
        """Read what was kept; `warning` says what is wrong with it."""
        self.path = workspace / FOLDER / f"{quote(member, safe='')}.json"
        self.warning = ""
        self.now = self._read()
        """What holds in this session."""
        self._chosen: dict[str, Any] = {}
        self._written = True
        self._told = False

    def _read(self) -> Preferences:
        file = f"{FOLDER}/{self.path.name}"
        told = _("{file} is not used: {why}; the next choice of yours writes it anew")
        try:
            return msgspec.json.decode(read_small(self.path), type=Preferences)
        except FileNotFoundError:
            return Preferences()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
            why = str(wrong)
            if usable := _raw(self.path):
                told = _("a part of {file} is not used: {why}; the next choice of yours writes it anew")
                self.warning = told.format(file=file, why=why)
                return msgspec.convert(usable, Preferences)
        except OSError as wrong:
            why = str(wrong.strerror)
        self.warning = told.format(file=file, why=why)
        return Preferences()

    def choose(self, **choice: Any) -> None:
        """Make a choice (a field of Preferences) count from now on; `keep` writes it down."""
        if change := {name: new for name, new in choice.items() if getattr(self.now, name) != new}:
            change = {name: _difference(getattr(self.now, name), new) for name, new in change.items()}
            self.now = msgspec.structs.replace(self.now, **choice)
            self._chosen = _laid_over(self._chosen, change)
            self._written = False

    def latest(self) -> Preferences:
        """What holds now, other sessions of the member counted in; what cannot be read is left out."""
        told, self.warning = self.warning, ""
        found = self._read()
        bad, self.warning = self.warning, told
        return self.now if bad or not self.path.exists() else found

    @property
    def lasting(self) -> bool:
        """Whether they can be kept."""
        folder = self.path.parent
        return os.access(folder if folder.exists() else folder.parent, os.W_OK)

    async def keep(self, **choice: Any) -> str:
        """Keep a choice, and those made before. The reason why they could not be kept is given once a session."""
        self.choose(**choice)
        if self._written:
            return ""
        self._written = True
        try:
            await asyncio.to_thread(self._write)
        except OSError as wrong:
            told, self._told = self._told, True
            said = _("your choice is not kept: preferences/{file}: {why}; put that right, and the next one is")
            return "" if told else said.format(why=wrong.strerror, file=self.path.name)
        return ""

    def _write(self) -> None:
        """What was chosen since the last time, over what others have kept; what cannot be kept now is kept later."""
        chosen, self._chosen = self._chosen, {}
        try:
            if self.path.parent.parent.is_dir():
                change = msgspec.to_builtins(chosen)
                rewrite(self.path, lambda: _text(_laid_over(_raw(self.path), change, drop=True)))
        except OSError:
            self._chosen = _laid_over(chosen, self._chosen)
            raise


def _difference(before: Any, after: Any) -> Any:
    """What of a choice is new: of one by board or stage only what differs, with None for what is gone."""
    if not isinstance(after, dict):
        return after
    old = before if isinstance(before, dict) else {}
    return {key: _difference(old.get(key), after.get(key)) for key in old | after if old.get(key) != after.get(key)}


def _laid_over(there: dict[str, Any], change: dict[str, Any], *, drop: bool = False) -> dict[str, Any]:
    """A change over what is there, key by key; what is None is gone, and with `drop` left out."""
    found = dict(there)
    for key, new in change.items():
        below = found.get(key)
        found[key] = (
            _laid_over(below if isinstance(below, dict) else {}, new, drop=drop) if isinstance(new, dict) else new
        )
        if drop and found[key] is None:
            del found[key]
    return found


def rewrite(path: Path, text: Callable[[], str]) -> None:
    """Write one of a member's files anew, whole or not at all; `text` is asked while nobody else writes there.

    Raises:
        OSError: as the disk says; the file is as it was.

    """
    path.parent.mkdir(mode=0o770, exist_ok=True)
    with _alone(path.parent):
        temporary = path.with_suffix(".tmp")
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def _text(raw: dict[str, Any]) -> str:
    return json.dumps(raw, indent=1, sort_keys=True) + "\n"


def _raw(path: Path) -> dict[str, Any]:
    """What of the file can be used, with keys that only another version knows; nothing when it is no such file."""
    try:
        raw = json.loads(read_small(path))
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: value for name, value in raw.items() if _usable(name, value)} if isinstance(raw, dict) else {}


def _usable(name: str, value: Any) -> bool:
    try:
        msgspec.convert({name: value}, Preferences)
    except msgspec.ValidationError:
        return False
    return True


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer at a time in that folder; the kernel lets go when a writer dies."""
    held = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
