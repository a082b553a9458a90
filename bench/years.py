"""A workspace with years behind it: a million events, told as the journal tells them, without waiting for a disk.

Cards come, wander over their board for some weeks, with edits, ticks, comments, blocks and due days that are moved, and
are done, dropped or put away. Lines are sealed and written directly, in segments, and db.json is put
beside them: what it makes is what the one door would have made, only sooner.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from opstui.domain.boards import DEFAULT_BOARDS, Board
from opstui.domain.model import plain
from opstui.store.codec import Fact, Line, Patch, seal
from opstui.store.image import Image
from opstui.store.journal import following, segments
from opstui.store.snapshot import Frozen, Meta, write_snapshot
from opstui.workspace import create_workspace

END = datetime(2026, 11, 20, 9, tzinfo=UTC)
PEOPLE = ("rina", "budi", "dewi", "sari")
SHARES = {"orders": 60, "feedback": 20, "campaigns": 5, "actions": 15}
DEEDS = {"move": 25, "edit": 38, "comment": 18, "tick": 12, "block": 4, "due": 2, "archive": 1}
"""What is done to a card, in per cent."""


def make_years(
    path: Path, *, cards: int = 10_000, events: int = 1_000_000, days: int = 730, segment: int = 64 << 20, seed: int = 1
) -> Path:
    """A workspace in `path` with about that many cards and events over so many days, ending at `END`."""
    begin = END - timedelta(days=days)
    create_workspace(path, lambda: begin, owner=PEOPLE[0], name="Years", currency="IDR").close()
    shop = _Shop(random.Random(seed), cards, events, begin)  # noqa: S311 - the same years every time
    journal = path / "data" / "journal"
    name = segments(journal)[0]
    file = (journal / name).open("ab")
    crc = ""
    for line in shop.lines():
        raw = seal(line)
        if file.tell() + len(raw) > segment:
            file.close()
            name = following(name)
            file = (journal / name).open("ab")
        file.write(raw)
        crc = raw[-11:-3].decode()
    offset = file.tell()
    file.close()
    with_members = open_members(path)
    meta = Meta(seq=shop.n, ids=shop.ids | with_members[0], segment=name, offset=offset, crc=crc)
    write_snapshot(
        path / "data", Frozen(meta, Image().fill({"cards": shop.docs, "comments": shop.comments, **with_members[1]}))
    )
    return path


def open_members(path: Path) -> tuple[dict[str, int], dict[str, dict[int, dict[str, Any]]]]:
    """The sequence and the table of members: batch 1, which the workspace was made with."""
    first = (path / "data" / "journal" / "00000001.jsonl").open("rb").readline()
    from opstui.store.codec import unseal  # noqa: PLC0415

    line = unseal(first[:-1])
    assert line is not None
    return line.ids, {"members": {i: dict(patch[1]) for t, i, patch in line.changes if not isinstance(patch, dict)}}  # type: ignore[arg-type]


class _Shop:
    """The documents as they are, and what happens next."""

    def __init__(self, dice: random.Random, cards: int, events: int, begin: datetime) -> None:
        self.dice, self.n, self.begin = dice, 1, begin
        self.docs: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, dict[str, Any]] = {}
        self.ids: dict[str, int] = {}
        self._boards: dict[str, Board] = {board.id: board for board in DEFAULT_BOARDS}
        self._cards, self._each = cards, max(1, events // cards - 1)

    def lines(self) -> Iterator[Line]:
        """Every batch, in order of time."""
        span = (END - self.begin).total_seconds()
        births = sorted(self.dice.uniform(0, span) for _ in range(self._cards))
        coming: list[tuple[float, int, int, int]] = [(at, 0, number, 0) for number, at in enumerate(births, 1)]
        heapq.heapify(coming)
        while coming:
            at, deeds, card, _ = heapq.heappop(coming)
            if at > span:
                continue
            moment = self.begin + timedelta(milliseconds=int(at * 1000))
            yield self._create(card, moment) if not deeds else self._deed(card, moment, deeds)
            if deeds < self._each:
                heapq.heappush(coming, (at + self.dice.expovariate(self._each / (25 * 86400)), deeds + 1, card, 0))

    def _line(
        self, at: datetime, facts: list[Fact], changes: list[tuple[str, int, Patch]], ids: dict[str, int]
    ) -> Line:
        self.n += 1
        self.ids |= ids
        return Line(
            n=self.n, v=1, at=at, by=self.dice.choice(PEOPLE), via="console", ids=ids, events=facts, changes=changes
        )

    def _create(self, card: int, at: datetime) -> Line:
        board = self._boards[self.dice.choices(list(SHARES), list(SHARES.values()))[0]]
        number = self.ids.get(board.prefix, 0) + 1
        doc: dict[str, Any] = {
            "id": card,
            "ref": f"{board.prefix}-{number:04d}",
            "kind": board.kind,
            "board": board.id,
            "stage": board.stages[0].id,
            "title": f"{self.dice.choice(('Toko', 'Warung', 'Kafe'))} {card}",
            "created": plain(at),
            "entered": plain(at),
            "rank": float(card),
            "version": 1,
            "owner": self.dice.choice(PEOPLE),
            "checklist": [{"id": 1, "text": "pack"}],
        }
        if self.dice.random() < 0.7:
            doc["due"] = (at + timedelta(days=self.dice.randint(5, 40))).date().isoformat()
        self.docs[card] = doc
        data = {name: doc[name] for name in ("ref", "board", "stage", "title")}
        fact = Fact(kind="created", on=("cards", card), data=data)
        return self._line(at, [fact], [("cards", card, (None, dict(doc)))], {"cards": card, board.prefix: number})

    def _deed(self, card: int, at: datetime, deeds: int) -> Line:
        doc = self.docs[card]
        board = self._boards[doc["board"]]
        what = self.dice.choices(list(DEEDS), list(DEEDS.values()))[0]
        if deeds >= self._each * 0.97:
            what = "finish"
        if what == "comment":
            return self._comment(card, at)
        kind, values, data = self._values(what, doc, board, at)
        return self._changed(card, at, kind, values, data)

    def _values(
        self, what: str, doc: dict[str, Any], board: Board, at: datetime
    ) -> tuple[str, dict[str, Any], dict[str, Any]]:
        dice = self.dice
        if what == "finish":
            way = "dropped" if dice.random() < 0.1 and board.dropped else "done"
            ends = [s.id for s in board.stages if s.category == way]
            if doc["stage"] not in ends:
                return "moved", {"stage": ends[0], "entered": plain(at)}, {}
        if what == "move":
            others = [s.id for s in board.stages if s.category in ("queue", "active") and s.id != doc["stage"]]
            return "moved", {"stage": dice.choice(others), "entered": plain(at)}, {}
        if what == "due":
            day = (at + timedelta(days=dice.randint(-3, 40))).date().isoformat()
            return "edited", {"due": day if dice.random() < 0.8 else None}, {}
        if what == "block":
            if doc.get("blocker"):
                return "unblocked", {"blocker": None}, {}
            return "blocked", {"blocker": {"reason": "waits for stock", "since": plain(at)}}, {}
        if what == "archive":
            return (
                ("restored" if doc.get("archived") else "archived"),
                {"archived": None if doc.get("archived") else True},
                {},
            )
        if what == "tick":
            done = not doc["checklist"][0].get("done")
            return (
                "checklist_ticked",
                {"checklist": [{"id": 1, "text": "pack", "done": done}]},
                {"text": "pack", "done": done},
            )
        return "edited", {"owner": dice.choice(PEOPLE), "description": f"note {self.n}"}, {}

    def _changed(self, card: int, at: datetime, kind: str, values: dict[str, Any], data: dict[str, Any]) -> Line:
        doc = self.docs[card]
        changed = {field: (doc.get(field), new) for field, new in values.items() if doc.get(field) != new}
        patch = {**changed, "version": (doc["version"], doc["version"] + 1)}
        for field, (_old, new) in patch.items():
            if new is None:
                doc.pop(field, None)
            else:
                doc[field] = new
        fact = Fact(kind=kind, on=("cards", card), changed=changed, data=data)
        return self._line(at, [fact], [("cards", card, patch)], {})

    def _comment(self, card: int, at: datetime) -> Line:
        number = self.ids.get("comments", 0) + 1
        doc = {"card": card, "at": plain(at), "by": PEOPLE[0], "text": "the customer asked again"}
        self.comments[number] = doc
        fact = Fact(kind="commented", on=("cards", card), data={"comment": number, "text": doc["text"]})
        return self._line(at, [fact], [("comments", number, (None, doc))], {"comments": number})
