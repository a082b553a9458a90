"""db.json against the history: its own sum, its place in the journal, and every document in it."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.codec import VERSION
from opstui.store.dbfile import DbFile, Misshapen
from opstui.store.doctor.finding import Finding, Level, few
from opstui.store.migrations import known, newest
from opstui.store.snapshot import NAME, Meta

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opstui.store.doctor.history import History
    from opstui.store.doctor.state import State

REBUILD = "opstui doctor --rebuild"
_SEQ = re.compile(rb'"_meta".{0,120}?"seq":\s*(\d{1,15})', re.DOTALL)
_HEAD = 1 << 12


class Snapshot:
    """A db.json, opened before the journal was read: so the journal reaches at least as far."""

    def __init__(self, path: Path) -> None:
        """Open it; `meta` stays None when there is none, or none that can be read."""
        self.findings: list[Finding] = []
        self.meta: Meta | None = None
        self.claims: int | None = None
        """The batch that it says it goes up to, whether the rest of it can be believed or not."""
        self.cards: int | None = None
        """How many cards stand in it, once it was read through."""
        self._file: DbFile | None = None
        try:
            self.claims = claimed(path)
            self._file = DbFile(path)
            self.meta = msgspec.convert(self._file.meta, Meta)
            self.claims = self.meta.seq
        except FileNotFoundError:
            self.findings.append(
                _finding(
                    "note",
                    "no-snapshot",
                    _("it is not there; the state is built from the whole journal each time"),
                    _("`{rebuild}` makes it").format(rebuild=REBUILD),
                )
            )
        except PermissionError:
            says, then = _("you may not read it"), _("ask its owner for the right to read it, or to run this")
            self.findings.append(_finding("error", "no-access", says, then))
        except (OSError, Misshapen, msgspec.ValidationError) as wrong:
            self._unreadable(wrong)

    @property
    def sound(self) -> bool:
        """Whether it is there and nothing is wrong with it."""
        return self.meta is not None and not self.findings

    def compare(self, history: History) -> None:
        """Read the history up to where this one goes, and see that both say the same."""
        meta, file = self.meta, self._file
        try:
            if meta is not None and file is not None:
                if meta.schema > VERSION:
                    then = _("run the newer opstui's doctor")
                    self.findings.append(_finding("error", "newer", _("a newer opstui wrote it"), then))
                    return
                history.read_on(meta.seq)
                reached = history.state.seq == meta.seq
                tables: Counter[str] = Counter()
                differences = list(_differences(file, meta, history.state if reached else None, tables))
                self.cards = tables["cards"]
                self._judge(meta, file, history, differences)
        except (OSError, Misshapen) as wrong:
            self._unreadable(wrong)
        finally:
            self._close()
        history.read_on()
        self._expect_reached(history)

    def _judge(self, meta: Meta, file: DbFile, history: History, differences: list[str]) -> None:
        if file.whole is False:
            self._wrong("error", "snapshot-edited", _("another program changed it (its sum is wrong)"))
        elif file.whole is None:
            self._wrong("warning", "snapshot-unsealed", _("it has no sum"))
        if differences:
            says = _("it does not hold what the history says: {differences}").format(differences=few(differences))
            self._wrong("error", "snapshot-differs", says)
        if history.state.seq == meta.seq and not _same_place(meta, history):
            says = _("it continues at byte {offset} of {segment}, which is not where batch {n} ends").format(
                offset=meta.offset, segment=meta.segment, n=meta.seq
            )
            self._wrong("error", "snapshot-place", says)

    def _expect_reached(self, history: History) -> None:
        """See that the history goes as far as this one says it does, whatever else is wrong with it.

        Where it does not, making it anew would go backwards: so nothing advises that any more.
        """
        last, claims = history.state.seq, self.claims
        if claims is None or claims <= last or history.newer is not None:
            return
        keep = _("keep it: it knows of batches that the history does not hold")
        self.findings = [msgspec.structs.replace(finding, next=keep) for finding in self.findings]
        if history.damage:
            return
        says = _("it goes up to batch {n}, but the journal ends with batch {last}: the journal was cut").format(
            n=claims, last=last
        )
        then = _(
            "restore the newest backup: opstui restore BACKUP NEW-FOLDER. Keep this folder: its db.json still holds "
            "the state up to batch {n}"
        ).format(n=claims)
        if self.findings:
            then = _(
                "{then}. Only if you know that somebody wrote that number there by hand: move db.json out of the "
                "workspace, keep it, then `{rebuild}`"
            ).format(then=then, rebuild=REBUILD)
        self.findings.append(_finding("error", "journal-cut", says, then))

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _unreadable(self, wrong: Exception) -> None:
        self._close()
        reason = getattr(wrong, "strerror", None) or str(wrong)
        self._wrong("error", "snapshot-damaged", _("it cannot be read: {reason}").format(reason=reason))

    def _wrong(self, level: Level, code: str, says: str) -> None:
        then = _("`{rebuild}` makes it anew from the history and keeps this one beside").format(rebuild=REBUILD)
        self.findings.append(_finding(level, code, says, then))


def claimed(path: Path) -> int | None:
    """The batch that a db.json says it goes up to, from its first bytes; None when that cannot be told."""
    try:
        fd = fs.open_file(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        found = _SEQ.search(fs.pread(fd, _HEAD, 0))
    except OSError:
        return None
    finally:
        fs.close(fd)
    return int(found[1]) if found else None


def _same_place(meta: Meta, history: History) -> bool:
    segment, offset, crc = history.place
    if not meta.seq:
        return not meta.offset
    begun = f"{int(segment[:8]) + 1:08}.jsonl", 0
    return meta.crc == crc and (meta.segment, meta.offset) in {(segment, offset), begun}


def _differences(file: DbFile, meta: Meta, state: State | None, tables: Counter[str]) -> Iterator[str]:
    """What is not the same in the file and in the state, in words; without a state the file is only read through.

    How many documents each table has is counted in `tables`.
    """
    seen: dict[str, set[int]] = {}
    for table, doc_id, found in file.documents():
        tables[table] += 1
        if table == "_meta" or state is None:
            continue
        seen.setdefault(table, set()).add(doc_id)
        expected = state.tables.get(table, {}).get(doc_id)
        known_version = meta.schema < VERSION and known(meta.schema, VERSION)
        doc = newest(table, found, meta.schema, VERSION) if known_version else found
        if expected is None:
            yield _("{table} {id} should not be there").format(table=table, id=doc_id)
        elif doc != expected:
            fields = sorted(name for name in {*doc, *expected} if doc.get(name) != expected.get(name))
            yield _("{table} {id} differs in {fields}").format(table=table, id=doc_id, fields=few(fields))
    if state is None:
        return
    for name in sorted({*state.ids, *meta.ids}):
        if state.ids.get(name) != meta.ids.get(name):
            yield _("the last number of {name}").format(name=name)
    for table, docs in state.tables.items():
        for doc_id in sorted(docs.keys() - seen.get(table, set())):
            yield _("{table} {id} is missing").format(table=table, id=doc_id)


def _finding(level: Level, code: str, says: str, then: str) -> Finding:
    return Finding(level=level, code=code, place=f"data/{NAME}", says=says, next=then)
