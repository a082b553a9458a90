"""Bringing a db.json of an older version up to date: once, under the lock, with the old one kept beside.

The journal stays as it is; see `migrations`. Whenever this is cut short, db.json is the old one or the new one, whole:
both lead to the same state, and the next opening does what is left to do.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import msgspec

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.codec import VERSION
from opstui.store.dbfile import DbFile, Misshapen
from opstui.store.lock import Lock
from opstui.store.migrations import known, newest
from opstui.store.protocol import Damaged, StoreError
from opstui.store.renewal import keep, renew
from opstui.store.replacing import nobody_else
from opstui.store.snapshot import NAME, Meta

if TYPE_CHECKING:
    from pathlib import Path

    from opstui.domain.model import Doc

_SCHEMA = re.compile(rb'"schema":\s*(\d+)')
_HEAD = 200


def upgrade_if_needed(data: Path) -> bool:
    """See that the db.json in `data` is of today's version; False when there was nothing to do.

    Raises:
        StoreError: it is older and could not be brought up to date; it stands as it was.
    """
    version = schema_of(data / NAME)
    if version is None or version >= VERSION:
        return False
    if not known(version, VERSION):
        raise StoreError(
            _(
                "{file} is of version {n}, which this opstui cannot read any more; nothing was changed. Open it once "
                "with an older opstui"
            ).format(file=data / NAME, n=version)
        )
    try:
        return _upgrade(data)
    except (OSError, Misshapen, msgspec.ValidationError) as error:
        raise StoreError(
            _(
                "{file} was written by an older opstui and could not be brought up to date ({reason}); it stands as it "
                "was. Make room or get the right to write there, then open it again; `opstui doctor` says more"
            ).format(file=data / NAME, reason=getattr(error, "strerror", None) or error)
        ) from error


def schema_of(path: Path) -> int | None:
    """Of which version a db.json says it is, from its first bytes; None when that cannot be told."""
    try:
        fd = fs.open_file(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        found = _SCHEMA.search(fs.pread(fd, _HEAD, 0))
    except OSError:
        return None
    finally:
        fs.close(fd)
    return int(found[1]) if found else None


def _upgrade(data: Path) -> bool:
    lock = Lock(data / "lock")
    try:
        with lock.held("opstui"), nobody_else(data):
            version = schema_of(data / NAME)
            if version is None or version >= VERSION:
                return False
            meta, tables = _read(data / NAME, version)
            keep(data, f"{NAME}.v{version}")
            renew(data, tables, seq=meta.seq, ids=meta.ids, place=(meta.segment, meta.offset, meta.crc))
            return True
    finally:
        lock.close()


def _read(path: Path, version: int) -> tuple[Meta, dict[str, dict[int, Doc]]]:
    """The `_meta` of an old db.json, and its documents in today's version."""
    old = DbFile(path)
    try:
        tables: dict[str, dict[int, Doc]] = {}
        for table, doc_id, doc in old.documents():
            if table != "_meta":
                tables.setdefault(table, {})[doc_id] = newest(table, doc, version, VERSION)
        if old.whole is False:
            raise Damaged(
                _("{file} was changed by another program; nothing was changed. Run `opstui doctor --rebuild`").format(
                    file=path
                )
            )
        return msgspec.convert(old.meta, Meta), tables
    finally:
        old.close()
