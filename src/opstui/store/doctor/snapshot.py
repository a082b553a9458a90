"""db.json against the history: its own sum, its place in the journal, and every document in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from opstui.i18n import _
from opstui.store.codec import VERSION
from opstui.store.dbfile import DbFile, Misshapen
from opstui.store.doctor.finding import Finding, few
from opstui.store.migrations import known, newest
from opstui.store.snapshot import NAME, Meta

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opstui.store.doctor.history import History
    from opstui.store.doctor.state import State

REBUILD = "opstui doctor --rebuild"


class Snapshot:
    """A db.json, opened before the journal was read: so the journal reaches at least as far."""

    def __init__(self, path: Path) -> None:
        """Open it; `meta` stays None when there is none, or none that can be read."""
        self.findings: list[Finding] = []
        self.meta: Meta | None = None
        self._file: DbFile | None = None
        try:
            self._file = DbFile(path)
            self.meta = msgspec.convert(self._file.meta, Meta)
        except FileNotFoundError:
            self.findings.append(
                _finding(
                    "note",
                    "no-snapshot",
                    _("it is not there; the state is built from the whole journal each time"),
                    _("`{rebuild}` makes it").format(rebuild=REBUILD),
                )
            )
        except (OSError, Misshapen, msgspec.ValidationError) as wrong:
            self._unreadable(wrong)

    @property
    def sound(self) -> bool:
        """Whether it is there and nothing is wrong with it."""
        return self.meta is not None and not self.findings

    def compare(self, history: History) -> None:
        """Read the history up to where this one goes, and see that both say the same."""
        meta, file = self.meta, self._file
        if meta is None or file is None:
            return
        try:
            if meta.schema > VERSION:
                self.findings.append(
                    _finding("error", "newer", _("a newer opstui wrote it"), _("run the newer opstui's doctor"))
                )
                return
            history.read_on(meta.seq)
            reached = history.state.seq == meta.seq
            differences = list(_differences(file, meta, history.state if reached else None))
            self._judge(meta, file, history, differences)
        except (OSError, Misshapen) as wrong:
            self._unreadable(wrong)
        finally:
            if self._file is not None:
                file.close()

    def _judge(self, meta: Meta, file: DbFile, history: History, differences: list[str]) -> None:
        rebuild = _("`{rebuild}` makes it anew from the history and keeps this one beside").format(rebuild=REBUILD)
        if file.whole is False:
            self.findings.append(
                _finding("error", "snapshot-edited", _("another program changed it (its sum is wrong)"), rebuild)
            )
        elif file.whole is None:
            self.findings.append(_finding("warning", "snapshot-unsealed", _("it has no sum"), rebuild))
        if differences:
            says = _("it does not hold what the history says: {differences}").format(differences=few(differences))
            self.findings.append(_finding("error", "snapshot-differs", says, rebuild))
        if history.state.seq < meta.seq and not history.damage and history.newer is None and file.whole is not False:
            says = _("it goes up to batch {n}, but the journal ends with batch {last}: the journal was cut").format(
                n=meta.seq, last=history.state.seq
            )
            then = _(
                "restore the newest backup: opstui restore BACKUP NEW-FOLDER. Keep this folder: its db.json still "
                "holds the state up to batch {n}"
            ).format(n=meta.seq)
            self.findings.append(_finding("error", "journal-cut", says, then))
        elif history.state.seq == meta.seq and not _same_place(meta, history):
            says = _("it continues at byte {offset} of {segment}, which is not where batch {n} ends").format(
                offset=meta.offset, segment=meta.segment, n=meta.seq
            )
            self.findings.append(_finding("error", "snapshot-place", says, rebuild))

    def _unreadable(self, wrong: Exception) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        reason = getattr(wrong, "strerror", None) or str(wrong)
        then = _("`{rebuild}` makes it anew from the history and keeps this one beside").format(rebuild=REBUILD)
        says = _("it cannot be read: {reason}").format(reason=reason)
        self.findings.append(_finding("error", "snapshot-damaged", says, then))


def _same_place(meta: Meta, history: History) -> bool:
    segment, offset, crc = history.place
    if not meta.seq:
        return not meta.offset
    begun = f"{int(segment[:8]) + 1:08}.jsonl", 0
    return meta.crc == crc and (meta.segment, meta.offset) in {(segment, offset), begun}


def _differences(file: DbFile, meta: Meta, state: State | None) -> Iterator[str]:
    """What is not the same in the file and in the state, in words; without a state the file is only read through."""
    seen: dict[str, set[int]] = {}
    for table, doc_id, found in file.documents():
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


def _finding(level: Any, code: str, says: str, then: str) -> Finding:
    return Finding(level=level, code=code, place=f"data/{NAME}", says=says, next=then)
