"""The one door through which anything changes, and the one place that reads a workspace.

Console and command line use the same door: that keeps it honest. Identity and the clock are handed in.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from opstui import config
from opstui.config import Settings
from opstui.domain.commands import (
    AddComment,
    AddMember,
    Command,
    CreateCard,
    EditPart,
    ImportCard,
    ImportStock,
    PostmortemCommand,
    RemoveFilter,
    RemovePart,
    SaveFilter,
    SetTarget,
    Undo,
)
from opstui.domain.decide import Asked, decide
from opstui.domain.events import Batch, Event
from opstui.domain.evolve import evolve
from opstui.domain.filters import TABLE as FILTERS
from opstui.domain.model import Actor, Card, Refused, card_from
from opstui.domain.moments import moment_of
from opstui.domain.policy import check
from opstui.domain.state import Reader
from opstui.domain.targets import TABLE as TARGETS
from opstui.domain.undo import standing
from opstui.formats import today_in
from opstui.i18n import _
from opstui.store.file import create_store, open_store
from opstui.store.protocol import NewerFormat, Store, StoreError, Tx

if TYPE_CHECKING:
    from opstui.projections.buyers import Buyers
    from opstui.projections.figures.history import Histories, Standing


_AREAS = {FILTERS: "filters", TARGETS: "targets", "products": "stock"}
"""Table -> the area of the policy that a change of it belongs to."""


class Receipt(Struct, frozen=True):
    """What a submission did. `batch` is None when nothing had to change; `warnings` are for the person who asked.

    `refused` are (card, reason) of commands that were left out because each was decided for itself.
    """

    batch: int | None
    events: tuple[Event, ...]
    warnings: tuple[str, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()

    @property
    def changed(self) -> tuple[int, ...]:
        """The cards that the commands changed, in their order; those that only gave way are not among them."""
        return tuple(dict.fromkeys(e.id for e in self.events if e.table == "cards" and not e.data.get("aside")))


class Workspace:
    """A workspace that is open: its settings, its state and its history.

    `state` is what may be read; every change goes through `submit`.
    """

    def __init__(self, path: Path, settings: Settings, store: Store, now: Callable[[], datetime]) -> None:
        """Join what `open_workspace` found; `now` gives aware times."""
        self.path, self.settings, self.store, self._now = path, settings, store, now
        self._bought: tuple[tuple[int, date], Buyers] | None = None

    @property
    def state(self) -> Reader:
        """The state as this session knows it."""
        return self.store

    @property
    def caution(self) -> str:
        """What those who only look should know: why nothing can be written, what is not shown; "" if all is well."""
        problem = self.store.problem
        if isinstance(problem, NewerFormat):
            return _("the latest changes are not shown: {reason}").format(reason=problem)
        return str(problem or "")

    def now(self) -> datetime:
        """This moment in UTC, to the millisecond: what history keeps."""
        at = self._now().astimezone(UTC)
        return at.replace(microsecond=at.microsecond // 1000 * 1000)

    def submit(self, actor: Actor, *commands: Command, via: str = "console", each: bool = False) -> Receipt:
        """Carry out commands, all or none, and return once they are durable.

        With `each` a command that is refused is left out and told in the receipt; the others are done all the same, in
        one batch. They count as done now, but not before the last step of their card, should the clock have been set
        back.

        Raises:
            Refused: the policy or the rules say no (Conflict when someone changed the same field); nothing changed.
            StoreError: the disk said no; nothing changed, unless the error says it is in doubt.
        """
        at = self.now()
        refused: list[tuple[int, str]] = []

        def change(tx: Tx) -> tuple[Event, ...]:
            asked = Asked(state=tx, rules=self.settings.rules, at=at, by=actor.name, via=via)
            events: list[Event] = []
            for command in commands:
                try:
                    decided = self._decided(command, actor, asked, tx)
                except Refused as no:
                    if not each:
                        raise
                    refused.append((getattr(command, "card", 0), str(no)))
                    continue
                _write(decided, tx)
                events += decided
            return tuple(events)

        events, batch = self.store.transact(change, at=at, by=actor.name, via=via)
        return Receipt(batch.n if batch else None, events, self._warnings(events), tuple(refused))

    def _decided(self, command: Command, actor: Actor, asked: Asked, tx: Tx) -> list[Event]:
        """What a command leads to. Nothing is written yet, so a refusal leaves nothing behind."""
        right = _right(command, actor, tx)
        for kind in self._kinds(command, tx):
            check(actor, right, kind)
        return decide(command, replace(asked, at=moment_of(command, tx, asked.at)))

    def _kinds(self, command: Command, tx: Tx) -> set[str]:
        """The kinds of card a command touches, for the policy; none where there is no such card: decide says so."""
        if isinstance(command, CreateCard):
            board = self.settings.board(command.board)
            return {board.kind} if board else set()
        if isinstance(command, ImportCard | ImportStock | AddMember | SaveFilter | RemoveFilter | SetTarget):
            return {""}
        batch = tx.batch(command.batch) if isinstance(command, Undo) else None
        ids = _concerned(batch, tx) if isinstance(command, Undo) else [_card_of(command, tx)]
        others = {_AREAS[event.table] for event in batch.events if event.table in _AREAS} if batch else set()
        return others | {doc["kind"] for doc in (tx.get("cards", i) for i in ids) if doc}

    def _warnings(self, events: tuple[Event, ...]) -> tuple[str, ...]:
        """For each stage that is over its limit now, once; many cards may have come to it."""
        found: dict[tuple[str, str], str] = {}
        for event in events:
            doc = self.store.get("cards", event.id) if "over" in event.data else None
            board = self.settings.board(doc["board"]) if doc else None
            stage = board.stage(doc["stage"]) if doc and board else None
            if board and stage:
                n, limit = event.data["over"]
                said = _("{stage} is over its limit: {n} of {limit}")
                found[board.id, stage.id] = said.format(stage=stage.name, n=n, limit=limit)
        return tuple(found.values())

    def catch_up(self) -> list[Batch]:
        """Take in what others wrote since; never waits for them."""
        return self.store.catch_up()

    @cached_property
    def histories(self) -> Histories:
        """What cards were doing on days that are over."""
        from opstui.projections.figures.history import Histories  # noqa: PLC0415 - not needed for the first picture

        return Histories(self.store, self.settings, RLock())

    def was(self, board: str, first: date, last: date) -> Standing | None:
        """Where a board's cards stood on local days (see `Histories.standing`); None for a board that is not there."""
        return self.histories.standing(board, first, last)

    def bought(self) -> Buyers:
        """The customers and their orders, as of now: worked out again when something was written, or a day began."""
        from opstui.projections.buyers import buyers  # noqa: PLC0415 - not needed for the first picture

        today, seq = today_in(self.now(), self.settings.zone), self.store.seq
        if self._bought is None or self._bought[0] != (seq, today):
            self._bought = (seq, today), buyers(self.state, self.settings.boards, self.settings.zone, today)
        return self._bought[1]

    def counted(self, board: str, what: str, first: date, last: date) -> Collection[int]:
        """The cards that a figure of these local days counted (see `Histories.counted`)."""
        return self.histories.counted(board, what, first, last, self.now())

    def history(self, since: int = 0) -> Iterator[Batch]:
        """Batches after number `since`, oldest first."""
        return self.store.history(since)

    def history_of(self, by: str) -> Iterator[Batch]:
        """The batches of one person, newest first."""
        return self.store.history_of(by)

    def events_of(self, cards: Collection[int]) -> Iterator[Batch]:
        """The batches with events on these cards, oldest first, whole."""
        return self.store.events_of("cards", cards)

    def card(self, card_id: int) -> Card:
        """The card of that document id.

        Raises:
            Refused: there is none.
        """
        doc = self.store.get("cards", card_id)
        if doc is None:
            raise Refused(_("there is no card with the id {id}").format(id=card_id))
        return card_from(doc)

    def find(self, ref: str) -> int:
        """The document id of ORD-0042 (in any case).

        Raises:
            Refused: no card has that ref.
        """
        found = self.store.find_ref(ref.strip().upper())
        if found is None:
            raise Refused(
                _("there is no card {ref}; `opstui board BOARD --plain` lists them").format(ref=ref.strip()[:40])
            )
        return found

    def member(self, name: str) -> Actor:
        """The member of that name; someone unknown may look and nothing more."""
        for _id, doc in self.store.items("members"):
            if doc["name"] == name:
                return Actor(name, doc["role"])
        return Actor(name, "viewer")

    def standing(self, batch: int) -> list[tuple[int, str]]:
        """The cards of a batch that an undo of it has to leave as they are, each with the reason."""
        found = self.store.batch(batch)
        return standing(found, self.state, self.now()) if found else []

    def lags(self) -> bool:
        """Whether db.json is so far behind that `checkpoint` would write it."""
        return self.store.lags()

    def checkpoint(self, max_tail: int = 500) -> None:
        """Bring db.json up to date when more than `max_tail` changes are newer than it; a failure costs nothing."""
        self.store.checkpoint(max_tail)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


def _right(command: Command, actor: Actor, tx: Tx) -> Command:
    """What the policy is asked about: who may comment may take back what they said, though they may change nothing."""
    batch = tx.batch(command.batch) if isinstance(command, Undo) else None
    own = batch is not None and batch.by == actor.name and all(event.kind == "commented" for event in batch.events)
    return AddComment(card=0, text="") if own else command


def _write(events: list[Event], tx: Tx) -> None:
    for event in events:
        for table, doc_id, doc in evolve(event, tx.get):
            tx.put(table, doc_id, doc)
        tx.event(replace(event, writes=()))


def _card_of(command: Command, tx: Tx) -> int:
    """The card a command is about, by itself or by way of its post-mortem; 0 where there is none."""
    if isinstance(command, EditPart | RemovePart):
        return _card_behind("parts", command.part, tx)
    if isinstance(command, PostmortemCommand):
        return _card_behind("postmortems", command.postmortem, tx)
    return int(getattr(command, "card", 0))


def _card_behind(table: str, number: int, tx: Tx) -> int:
    doc = tx.get(table, number) or {}
    if table == "parts":
        return _card_behind("postmortems", doc.get("postmortem", 0), tx)
    return int(doc.get("card", 0))


def _concerned(batch: Batch | None, tx: Tx) -> list[int]:
    """The cards that a batch is about. A part that was taken off is known by what its event tells."""
    found = []
    for event in batch.events if batch else ():
        if event.table == "cards":
            found.append(event.id)
        elif event.table == "postmortems":
            found.append(_card_behind("postmortems", event.id, tx))
        elif event.table == "parts":
            found.append(_card_behind("postmortems", event.data["postmortem"], tx))
    return found


def open_workspace(path: Path, now: Callable[[], datetime]) -> Workspace:
    """Open the workspace in that folder.

    Raises:
        Malformed: opstui.toml cannot be used, or was lost: currency, zone and boards are not guessed.
        StoreError: the data cannot be read, or there is none.
    """
    settings = config.load(path)
    store = open_store(path)
    if store.seq and not (path / config.FILE).exists():
        store.close()
        raise config.Malformed(
            _(
                "{path} has lost its opstui.toml: currency, time zone and boards are not guessed, and nothing was "
                "changed. Take it from a backup, or from a new workspace that you make beside with `opstui init`"
            ).format(path=path)
        )
    return Workspace(path, settings, store, now)


def create_workspace(
    path: Path,
    now: Callable[[], datetime],
    *,
    owner: str,
    name: str = "",
    currency: str = "IDR",
    timezone: str = "Asia/Jakarta",
    locale: str = "en",
) -> Workspace:
    """Make a workspace with its first member, all or nothing, in a folder that is new or empty.

    What an earlier try left that was killed counts as empty.

    Raises:
        Refused: the folder holds something already.
        Malformed: a value will not do.
        StoreError: the folder cannot be written.
    """
    from opstui.store.fresh import under_construction  # noqa: PLC0415 - only when one is made

    try:
        title = name or Path(os.path.realpath(path)).name
        with under_construction(path) as scratch:
            config.write(scratch, name=title, currency=currency, timezone=timezone, locale=locale)
            create_store(scratch)
            workspace = open_workspace(scratch, now)
            try:
                workspace.submit(Actor(owner, "owner"), AddMember(name=owner, role="owner"), via="cli")
            finally:
                workspace.close()
    except (OSError, StoreError) as wrong:
        cause = wrong if isinstance(wrong, OSError) else wrong.__cause__
        raise StoreError(
            _("{path} cannot be written ({reason}); nothing was made. Make room, or choose another folder").format(
                path=path, reason=getattr(cause, "strerror", None) or wrong
            )
        ) from wrong
    return open_workspace(path, now)


def find_workspace(start: Path) -> Path | None:
    """The workspace folder at `start` or above it; one that has lost its journal counts, so that this is told."""
    for folder in (start, *start.parents):
        data = folder / "data"
        if (data / "journal").is_dir() or ((data / "db.json").is_file() and (folder / config.FILE).is_file()):
            return folder
    return None
