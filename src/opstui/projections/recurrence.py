"""Have we been here before? Earlier post-mortems that share something with this one, and open work that knew of it.

What is shared is named, so that a reader can judge whether it is the same trouble: a factor in the same words, the
theme of the feedback, the stage that held it up, the customer, what was bought, a tag.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from msgspec import Struct

from opstui.config import Settings
from opstui.domain.events import Batch
from opstui.domain.identity import buyer_key
from opstui.domain.model import Doc, utc
from opstui.domain.state import Reader
from opstui.i18n import _
from opstui.metrics.track import local_day
from opstui.projections.evidence import Evidence, card_facts
from opstui.projections.stays import held_up, stage_times, stays, track_of

RECENT = timedelta(days=180)
_KNOWN_TO = ("action", "feedback")
"""Kinds of cards where work that was known of stands."""


class History(Struct, frozen=True):
    """Where facts beyond the card's own case file are read; `events_of` is a workspace's."""

    reader: Reader
    events_of: Callable[[Collection[int]], Iterable[Batch]]


class Earlier(Struct, frozen=True, kw_only=True):
    """An earlier post-mortem. `shared` says in words what it has in common; `recent`: within 180 days before."""

    ref: str
    card: str
    title: str
    day: date
    shared: tuple[str, ...]
    recent: bool
    open_actions: int
    customer: str = ""


class Waiting(Struct, frozen=True, kw_only=True):
    """A card that was open when it began. `why` says what ties it to this one."""

    ref: str
    title: str
    owner: str
    since: datetime
    why: str
    customer: str = ""


def earlier(
    evidence: Evidence, settings: Settings, history: History, *, slow: str, left_out: Collection[str]
) -> tuple[Earlier, ...]:
    """Earlier post-mortems that share something, the last one first. `slow` is the stage that held this card up."""
    reader = history.reader
    began = utc(evidence.postmortem["at"]) if evidence.postmortem else evidence.as_of
    others = [
        (number, doc)
        for number, doc in sorted(reader.items("postmortems"), key=lambda row: row[0])
        if doc["card"] != evidence.card["id"] and utc(doc["at"]) < began and doc.get("status") != "skipped"
    ]
    if not others:
        return ()
    factors = _factors(reader)
    mine = _signs(evidence.card, {part["text"] for part in evidence.parts if part["sort"] == "factor"}, slow)
    same_board = {doc["card"] for _n, doc in others if slow and _board(reader, doc["card"]) == evidence.card["board"]}
    held_up = _held_up(history, same_board, settings, left_out)
    found = [
        _earlier(doc, card, shared, began, reader=reader, settings=settings)
        for number, doc in others
        if (card := reader.get("cards", doc["card"])) is not None
        and (shared := _shared(mine, _signs(card, factors.get(number, ()), held_up.get(doc["card"], "")), settings))
    ]
    return tuple(sorted(found, key=lambda row: (row.day, row.ref), reverse=True))


def _earlier(
    doc: Doc, card: Doc, shared: tuple[str, ...], began: datetime, *, reader: Reader, settings: Settings
) -> Earlier:
    return Earlier(
        ref=doc["ref"],
        card=card["ref"],
        title=card["title"],
        day=local_day(utc(doc["at"]), settings.zone),
        shared=shared,
        recent=began - utc(doc["at"]) <= RECENT,
        open_actions=_open_actions(doc["ref"], reader, settings),
        customer=card.get("customer", ""),
    )


def _open_actions(ref: str, reader: Reader, settings: Settings) -> int:
    named = (d for _id, d in reader.items("cards") if d["kind"] == "action" and d.get("postmortem") == ref)
    return sum(not d.get("archived") and not _over(d, settings) for d in named)


def _factors(reader: Reader) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for _id, part in reader.items("parts"):
        if part.get("sort") == "factor":
            found.setdefault(part["postmortem"], []).append(part["text"])
    return found


Signs = Mapping[str, Mapping[str, str]]
"""What a case may be known by: sort of sign -> folded text -> text."""


def _signs(card: Doc, factors: Iterable[str], slow: str) -> Signs:
    theme = card.get("theme", "")
    key = buyer_key(card) if card["kind"] in ("order", "feedback") else None
    return {
        "factor": {" ".join(text.casefold().split()): text for text in factors},
        "theme": {theme.casefold(): theme} if theme else {},
        "stage": {f"{card['board']} {slow}": slow} if slow else {},
        "customer": {str(key): ""} if key else {},
        "sku": {line["sku"].casefold(): line["sku"] for line in card.get("lines", ()) if line.get("sku")},
        "tag": {tag.casefold(): tag for tag in card.get("tags", ())},
    }


def _shared(mine: Signs, theirs: Signs, settings: Settings) -> tuple[str, ...]:
    said = {
        "factor": _("factor: {text}"),
        "theme": _("theme: {text}"),
        "stage": _("held up in: {text}"),
        "customer": _("the same customer"),
        "sku": _("item: {text}"),
        "tag": _("tag: {text}"),
    }
    return tuple(
        said[sort].format(text=_stage_name(text, key, settings) if sort == "stage" else text)
        for sort, signs in mine.items()
        for key, text in sorted(signs.items())
        if key in theirs[sort]
    )


def _stage_name(stage_id: str, key: str, settings: Settings) -> str:
    board = settings.board(key.partition(" ")[0])
    stage = board.stage(stage_id) if board else None
    return stage.name if stage else stage_id


def _board(reader: Reader, card: int) -> str:
    return str((reader.get("cards", card) or {}).get("board", ""))


def _held_up(history: History, cards: set[int], settings: Settings, left_out: Collection[str]) -> dict[int, str]:
    """Card -> the stage that held it up."""
    facts = card_facts(history.events_of(cards), cards) if cards else ()
    found: dict[int, str] = {}
    for card, of_one in groupby(sorted(facts, key=lambda f: f.event.id), key=lambda f: f.event.id):
        told = tuple(of_one)
        doc = history.reader.get("cards", card) or {}
        board = settings.board(doc.get("board", ""))
        if board is not None:
            end = told[-1].event.at
            times = stage_times(stays(track_of(told, settings.boards), end), board, end)
            found[card] = held_up(times, board, left_out)
    return found


def waiting(evidence: Evidence, settings: Settings, history: History, start: datetime) -> tuple[Waiting, ...]:
    """Cards that were open when it began and are tied to it: linked with it, or an action or feedback with its tag."""
    return tuple(_waiting(evidence, settings, history.reader, start))


def _waiting(evidence: Evidence, settings: Settings, reader: Reader, start: datetime) -> Iterator[Waiting]:
    card = evidence.card
    tags = {tag.casefold() for tag in card.get("tags", ())}
    linked = {doc["id"] for doc in evidence.linked}
    own = {doc["id"] for doc in evidence.actions}
    for number, doc in reader.items("cards"):
        if number == card["id"] or number in own or not _stood_open(doc, start, settings):
            continue
        same = [tag for tag in doc.get("tags", ()) if tag.casefold() in tags] if doc["kind"] in _KNOWN_TO else []
        if number in linked:
            yield _known(doc, _("linked"))
        elif same:
            yield _known(doc, _("tag: {text}").format(text=", ".join(same)))


def _known(doc: Doc, why: str) -> Waiting:
    return Waiting(
        ref=doc["ref"],
        title=doc["title"],
        owner=doc.get("owner", ""),
        since=utc(doc["created"]),
        why=why,
        customer=doc.get("customer", ""),
    )


def _stood_open(doc: Doc, at: datetime, settings: Settings) -> bool:
    """Whether it was there and neither over nor put away at that moment."""
    if doc.get("unmade") or utc(doc["created"]) >= at:
        return False
    ended = [utc(doc["entered"])] if _over(doc, settings) else []
    if doc.get("archived"):
        ended.append(utc(doc["put_away"]) if doc.get("put_away") else utc(doc["entered"]))
    return not ended or min(ended) > at


def _over(doc: Mapping[str, Any], settings: Settings) -> bool:
    board = settings.board(doc["board"])
    return board is not None and board.ends(doc["stage"])
