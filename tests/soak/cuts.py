"""The bytes of a real journal, one by one: the last line cut at each, and each byte of a line in the middle spoilt.

A cut last line counts for nothing and is no reason to stop, whatever the disk put behind the cut. Damage before the end
is told, and nothing is touched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from opstui.store.file import FileStore, create_store
from opstui.store.protocol import Damaged
from soak.ledger import Ledger, Opener, judge, must, opener, write

TAILS = (b"", b"\0", b"\0" * 700, b"\0" * 9 + b"\n", b'{"n":', b'junk"}', b"\xff\xfe junk\n")
"""What may stand behind a cut: nothing, zeros, junk, with or without the line's end."""


@dataclass
class Cuts:
    """How many were tried, and what was wrong."""

    tried: int = 0
    wrong: list[str] = field(default_factory=list)


def _three_batches(path: Path, opening: Opener) -> tuple[Ledger, Path, bytes]:
    create_store(path)
    store, ledger, chance = opening(path), Ledger(), Random(1)
    for k in range(3):
        write(store, ledger, chance, f"{k}")
    store.close()
    journal = path / "data" / "journal" / "00000001.jsonl"
    return ledger, journal, journal.read_bytes()


def cut_the_last_line(path: Path, every: int = 1, sync: str = "inside") -> Cuts:
    """Cut it at each byte (or of `every` so many, one), with each tail behind."""
    opening, cuts = opener(sync), Cuts()
    ledger, journal, whole = _three_batches(path, opening)
    ledger.promised -= 1
    snapshot = (path / "data" / "db.json").read_bytes()
    for at in range(whole.rindex(b"\n", 0, -1) + 1, len(whole), every):
        for tail in TAILS:
            journal.write_bytes(whole[:at] + tail)
            (path / "data" / "lock").write_bytes(b"")
            (path / "data" / "db.json").write_bytes(snapshot)
            cuts.tried += 1
            try:
                judge(ledger, opening, Random(at), path)
            except AssertionError as broken:
                cuts.wrong.append(f"cut at byte {at}, {tail[:12]!r} behind: {broken}")
    return cuts


def spoil_a_middle_line(path: Path, every: int = 1, sync: str = "inside") -> Cuts:
    """Spoil each of its bytes; it must be refused in words, and nothing be touched."""
    opening, cuts = opener(sync), Cuts()
    _ledger, journal, whole = _three_batches(path, opening)
    first, second = (at + 1 for at in _line_ends(whole)[:2])
    for at in range(first, second, every):
        for byte in (whole[at] ^ 1, 0, ord("\n")):
            if byte != whole[at]:
                spoilt = whole[:at] + bytes([byte]) + whole[at + 1 :]
                journal.write_bytes(spoilt)
                cuts.tried += 1
                try:
                    _refused(path, opening)
                    must(journal.read_bytes() == spoilt, "it was touched")
                except AssertionError as broken:
                    cuts.wrong.append(f"byte {at} as {byte}: {broken}")
    return cuts


def _line_ends(raw: bytes) -> list[int]:
    return [at for at, byte in enumerate(raw) if byte == ord("\n")]


def _refused(path: Path, opening: Opener) -> None:
    store: FileStore | None = None
    try:
        store = opening(path)
    except Damaged as damaged:
        must("nothing was changed" in str(damaged), f"it says only: {damaged}")
    must(store is None, "it was read as if nothing were wrong")
