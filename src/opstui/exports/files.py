"""Writing exports so that nobody's work is lost: whole or not at all, never over a file that was edited by hand.

What we wrote last is remembered as a hash in `.exports.json` beside the exports, outside the history. A file that
differs from it was edited, and stays; the new text goes to `-r2`, `-r3` ... If the record itself is lost, every
file counts as edited, which errs on the side of the person. The record is written before the file and knows the old
text and the new one: whichever of the two stands there after an interruption is ours.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from itertools import count
from pathlib import Path

from msgspec import Struct

from opstui.domain.model import Refused, clean_line
from opstui.i18n import _

SIDECAR = ".exports.json"
SLUG_LIMIT = 48
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")


class Written(Struct, frozen=True):
    """Where a text stands now. `kept` is the file that was edited by hand and left alone, if there was one."""

    path: Path
    changed: bool
    kept: Path | None = None


def slug(text: str) -> str:
    """Text as part of a file name: 1 to 48 of a-z, 0-9 and dashes, on every system a lawful name."""
    ascii_only = unicodedata.normalize("NFKD", clean_line(text)).encode("ascii", "ignore").decode().lower()
    short = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:SLUG_LIMIT].strip("-")
    return f"{short}-x" if _RESERVED.fullmatch(short) else short or "untitled"


def export_name(day: date, kind: str, ref: str, title: str) -> str:
    """2026-09-14-campaign-pm-2026-009-promo-9-9.md."""
    return f"{day.isoformat()}-{slug(kind)}-{slug(ref)}-{slug(title)}.md"


def write_export(folder: Path, name: str, text: str) -> Written:
    """Write a text into an export folder, which is made when it is not there.

    Raises:
        ValueError: the name is not a plain file name.
        Refused: the disk says no; nothing was changed.

    """
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise _refusal(folder, wrong) from wrong
    return write_to(folder.resolve() / name, text, record=folder / SIDECAR)


def write_to(target: Path, text: str, *, record: Path) -> Written:
    """Write a text where a person says; `record` is the file that remembers what we wrote.

    Raises:
        Refused: the disk says no; nothing was changed.

    """
    content = text.encode()
    try:
        path = target.absolute()
        if path.is_dir():
            raise Refused(_("{path} is a folder; name a file").format(path=target))
        if _is_device(path):
            path.write_bytes(content)
            return Written(target, changed=True)
        return _place(path, content, _recorded(record), record)
    except OSError as wrong:
        raise _refusal(target, wrong) from wrong


def _place(path: Path, content: bytes, known: dict[str, list[str]], record: Path) -> Written:
    """Write to the first of name, name-r2, name-r3 ... that is free, ours, or the same already."""
    kept = None
    for n in count(1):
        candidate = path if n == 1 else path.with_name(f"{path.stem}-r{n}{path.suffix}")
        before = _read(candidate)
        if before == content:
            return Written(candidate, changed=False, kept=kept)
        ours = [] if before is None else [_hash(before)]
        key = _key(candidate, record)
        free = not ours and not candidate.is_symlink() and not candidate.exists()
        if free or (ours and ours[0] in known.get(key, ())):
            with _replacing(candidate, [content]):
                _remember({**known, key: [*ours, _hash(content)]}, record)
            return Written(candidate, changed=True, kept=kept)
        kept = candidate
    raise AssertionError


def write_pieces(target: Path, pieces: Iterable[str]) -> None:
    """Replace a file by a text, whole or not at all, for data that nobody edits by hand (CSV, JSON).

    What the pieces raise leaves the file as it was, and nothing beside it.

    Raises:
        Refused: the disk says no; the file is as it was.

    """
    try:
        if _is_device(target):
            with target.open("w", encoding="utf-8", newline="") as device:
                device.writelines(pieces)
        else:
            with _replacing(target.resolve(), (piece.encode() for piece in pieces)):
                pass
    except (OSError, RuntimeError) as wrong:  # a RuntimeError is a link that leads to itself
        raise _refusal(target, wrong) from wrong


def _refusal(path: Path, wrong: OSError | RuntimeError) -> Refused:
    reason = getattr(wrong, "strerror", None) or wrong
    return Refused(_("{path} cannot be written: {reason}").format(path=path, reason=reason))


def _is_device(path: Path) -> bool:
    """Something like /dev/stdout or a pipe: written to as it is."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _read(path: Path) -> bytes | None:
    """A regular file's bytes; None for anything else. Links are not followed: what they point at is not ours."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


def _key(path: Path, record: Path) -> str:
    """Its name for a file beside the record (so that a moved workspace stays known), else a hash of its whole path."""
    parent = path.parent.resolve()
    return path.name if parent == record.parent.resolve() else _hash(os.fsencode(parent / path.name))


def _recorded(record: Path) -> dict[str, list[str]]:
    """Key -> the hashes of texts that are ours."""
    try:
        known = json.loads(record.read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    except OSError as wrong:
        raise _refusal(record, wrong) from wrong
    if not isinstance(known, dict):
        return {}
    return {key: [value] if isinstance(value, str) else value for key, value in known.items() if _is_known(value)}


def _is_known(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))


def _remember(known: dict[str, list[str]], record: Path) -> None:
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
        with _replacing(record, [(json.dumps(known, indent=1, sort_keys=True) + "\n").encode()]):
            pass
    except OSError as wrong:
        raise _refusal(record, wrong) from wrong


@contextmanager
def _replacing(path: Path, content: Iterable[bytes]) -> Iterator[None]:
    """All of the content under that name, or what was there before; on the disk before it returns.

    What stands in the block happens when the content is safe but not in its place yet: if it fails, nothing changes.
    """
    temporary = path.with_name(f".{secrets.token_hex(6)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
        yield
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
