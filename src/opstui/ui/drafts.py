"""What was typed into a form when the console went away: a line that broke, a terminal that was closed.

It lies beside the member's preferences (`preferences/drafts/NAME/`), a file a form, and stands in that form when it is
opened again. Written only when a console ends with a form open, so that typing writes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
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
        self._workspace = workspace
        self._path = workspace / FOLDER / "drafts" / quote(member, safe="") / f"{quote(form, safe='')}.json"
        self.texts = self._read()

    def _read(self) -> Mapping[str, Typed]:
        """A draft that cannot be read is none: it must not keep a form from opening."""
        try:
            with self._path.open("rb") as file:
                return msgspec.json.decode(file.read(MOST), type=dict[str, Typed])
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return {}

    def keep(self, texts: Mapping[str, Typed]) -> bool:
        """Leave this behind; whether it could be written."""
        if not self._workspace.is_dir():
            return False
        try:
            self._path.parent.mkdir(mode=0o770, parents=True, exist_ok=True)
            temporary = self._path.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_bytes(msgspec.json.encode(texts))
            temporary.replace(self._path)
        except OSError:
            return False
        return True

    def drop(self) -> None:
        """It has been saved, or given up."""
        if self.texts:
            self._path.unlink(missing_ok=True)
