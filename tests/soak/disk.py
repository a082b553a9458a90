"""What a disk holds, and what of it may be left when the power goes.

Two truths stand side by side: what programs see (the page cache) and what is on the disk for good. What lies between
was written and not synced, and any of it may survive or not: bytes as a prefix, with a zeroed end, or sector by sector
in any order; names of files each by itself or in their order. A rename can outlive the data it points to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import TypeAlias

SECTORS = (16, 64, 512, 4096)
"""Sizes in which a disk keeps bytes or loses them; the small ones stand for lines that lie across an edge."""


_clock = count(1)


@dataclass(eq=False, slots=True)
class File:
    """`data` is what is read, `disk` what was synced, `edits` what was done since: (place, bytes), or cuts."""

    data: bytearray = field(default_factory=bytearray)
    disk: bytes = b""
    edits: list[tuple[int, bytes | None]] = field(default_factory=list)
    number: int = field(default_factory=count(1).__next__)
    modified: int = field(default_factory=_clock.__next__)

    def put(self, at: int, taken: bytes) -> None:
        """Write bytes at a place; a gap before it reads as zeros."""
        self.data.extend(bytes(max(0, at - len(self.data))))
        self.data[at : at + len(taken)] = taken
        self.edits.append((at, taken))
        self.modified = next(_clock)

    def cut(self, length: int) -> None:
        """Make it `length` bytes long."""
        if length != len(self.data):
            del self.data[length:]
            self.data.extend(bytes(length - len(self.data)))
            self.edits.append((length, None))
            self.modified = next(_clock)

    def sync(self) -> None:
        """All of it is on the disk."""
        self.disk, self.edits = bytes(self.data), []

    def forget(self) -> None:
        """A failed sync: the system takes what it could not write for written, and never tries again."""
        self.edits = []

    def survivor(self, chance: Random) -> bytes:
        """One content that may be found after a power cut."""
        if not self.edits:
            return self.disk
        how = chance.randrange(6)
        if how <= 1:
            return bytes(self.data) if how else self.disk
        if how <= 3:
            return self._in_order(chance, zeroed=how == 3)
        return self._sector_by_sector(chance)

    def _in_order(self, chance: Random, *, zeroed: bool) -> bytes:
        """The first edits, and a part of the next: its length may be there before its bytes."""
        left = File(bytearray(self.disk))
        last = chance.randrange(len(self.edits))
        for at, taken in self.edits[:last]:
            left.cut(at) if taken is None else left.put(at, taken)
        at, taken = self.edits[last]
        if taken is None:
            left.cut(at)
        else:
            part = taken[: chance.randint(0, len(taken))]
            left.put(at, part + bytes(len(taken) - len(part)) if zeroed else part)
        return bytes(left.data)

    def _sector_by_sector(self, chance: Random) -> bytes:
        """The new length, and of each sector the old bytes or the new: a later one may be there, an earlier one not."""
        sector = chance.choice(SECTORS)
        left = bytearray(self.disk[: len(self.data)].ljust(len(self.data), b"\0"))
        for at in range(0, len(left), sector):
            if chance.random() < 0.5:
                left[at : at + sector] = self.data[at : at + sector]
        return bytes(left)


@dataclass(eq=False, slots=True)
class Folder:
    """`names` is what is listed, `disk` what was synced."""

    names: dict[str, Node] = field(default_factory=dict)
    disk: dict[str, Node] = field(default_factory=dict)


Node: TypeAlias = File | Folder


@dataclass(frozen=True, slots=True, eq=False)
class Naming:
    """A name that was given (or taken away: no node), perhaps by taking another one away: that is one step or none."""

    folder: Folder
    name: str
    node: Node | None
    source: tuple[Folder, str] | None = None


@dataclass(eq=False, slots=True)
class Disk:
    """A tree of folders, and the namings that are not on the disk yet, in their order."""

    root: Folder = field(default_factory=Folder)
    namings: list[Naming] = field(default_factory=list)

    def name(self, naming: Naming) -> None:
        """Give, take away or move a name; seen at once, there for good later."""
        _carry_out(naming, naming.folder.names, naming.source and naming.source[0].names)
        self.namings.append(naming)

    def sync_folder(self, folder: Folder) -> None:
        """The names in a folder are on the disk. A rename between two folders is there whole."""
        left = []
        for naming in self.namings:
            if folder is naming.folder or (naming.source and folder is naming.source[0]):
                _carry_out(naming, naming.folder.disk, naming.source and naming.source[0].disk)
            else:
                left.append(naming)
        self.namings = left

    def after_kill(self) -> Disk:
        """The same once more, as the next program finds it; what was not synced still is not."""
        copies: dict[int, Node] = {}

        def copy(node: Node) -> Node:
            if id(node) not in copies:
                if isinstance(node, File):
                    copies[id(node)] = File(bytearray(node.data), node.disk, list(node.edits))
                else:
                    copies[id(node)] = made = Folder()
                    made.names = {name: copy(inner) for name, inner in node.names.items()}
                    made.disk = {name: copy(inner) for name, inner in node.disk.items()}
            return copies[id(node)]

        def folder(node: Folder) -> Folder:
            made = copy(node)
            assert isinstance(made, Folder)
            return made

        namings = [
            Naming(folder(n.folder), n.name, n.node and copy(n.node), n.source and (folder(n.source[0]), n.source[1]))
            for n in self.namings
        ]
        return Disk(folder(self.root), namings)

    def after_power_cut(self, chance: Random) -> Disk:
        """What may be found when the power comes back."""
        names: dict[int, dict[str, Node]] = {}

        def of(folder: Folder) -> dict[str, Node]:
            return names.setdefault(id(folder), dict(folder.disk))

        for naming in _kept(self.namings, chance):
            _carry_out(naming, of(naming.folder), naming.source and of(naming.source[0]))
        found: dict[int, Node] = {}

        def find(node: Node) -> Node:
            if id(node) not in found:
                if isinstance(node, File):
                    left = node.survivor(chance)
                    found[id(node)] = File(bytearray(left), left)
                else:
                    found[id(node)] = made = Folder()
                    made.names = {name: find(inner) for name, inner in of(node).items()}
                    made.disk = dict(made.names)
            return found[id(node)]

        root = find(self.root)
        assert isinstance(root, Folder)
        return Disk(root)

    def contents(self) -> dict[str, bytes]:
        """Path and bytes of every file, to tell two disks from each other."""
        held: dict[str, bytes] = {}
        waiting = [("", self.root)]
        while waiting:
            path, folder = waiting.pop()
            for name, node in folder.names.items():
                if isinstance(node, File):
                    held[f"{path}/{name}"] = bytes(node.data)
                else:
                    waiting.append((f"{path}/{name}", node))
        return held


def _carry_out(naming: Naming, names: dict[str, Node], source: dict[str, Node] | None) -> None:
    if source is not None and naming.source is not None:
        source.pop(naming.source[1], None)
    if naming.node is None:
        names.pop(naming.name, None)
    else:
        names[naming.name] = naming.node


def _kept(namings: list[Naming], chance: Random) -> list[Naming]:
    """Which of them survive: none, all, the first of them, or any."""
    how = chance.randrange(4)
    if how == 0:
        return []
    if how == 1:
        return namings
    if how == 2:
        return namings[: chance.randint(0, len(namings))]
    return [naming for naming in namings if chance.random() < 0.5]
