"""What can still be read of bytes that are no line of the journal: enough for a person to know what is missing."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store.doctor.finding import few, when

if TYPE_CHECKING:
    from datetime import tzinfo

_N = re.compile(rb'"n":(\d{1,15})')
_AT = re.compile(rb'"at":"(\d{4}-\d\d-\d\dT[\d:.]+Z)"')
_BY = re.compile(rb'"by":"([^"]{1,64})"')
_KIND = re.compile(rb'"kind":"(\w{1,32})"')
_CHANGES = b'"changes":'
_SEALED = b',"crc":"'


def suspicious(raw: bytes) -> bool:
    """Whether a line may once have stood there whole: it has its end, or the CRC with which every line ends."""
    return raw.endswith(b"\n") or _SEALED in raw


def time_of(raw: bytes) -> datetime | None:
    """When it was written, if that can be read."""
    found = _AT.search(raw)
    try:
        return datetime.fromisoformat(found[1].decode()) if found else None
    except ValueError:
        return None


def readable(raw: bytes, zone: tzinfo) -> str:
    """Number, person, time and kinds, as far as they can be read: batch 19, by rina, moved."""
    parts = []
    if found := _N.search(raw):
        parts.append(_("batch {n}").format(n=int(found[1])))
    if found := _BY.search(raw):
        parts.append(_("by {name}").format(name=found[1].decode(errors="replace")))
    if at := time_of(raw):
        parts.append(when(at, zone))
    if kinds := list(dict.fromkeys(kind.decode() for kind in _KIND.findall(raw.partition(_CHANGES)[0]))):
        parts.append(few(kinds))
    return ", ".join(parts) or _("nothing")
