"""The board around an incident, as it was known at a moment: which cards were open then, and the way each had come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from opstui.domain.boards import Board
from opstui.domain.events import Batch
from opstui.domain.identity import buyer_key
from opstui.domain.model import Doc, utc
from opstui.metrics.track import Passage, Track, passage
from opstui.projections.figures.source import Source
from opstui.projections.flow import STEPS, Flows, categories


def bounded(source: Source, board: Board | None) -> tuple[Source, tuple[Track, ...]]:
    """The same source without anything that happened after its `as_of`, and the ways over the board up to then."""

    def events_of(table: str, ids: Collection[int], kinds: Collection[str] | None) -> Iterator[Batch]:
        for batch in source.events_of(table, ids, kinds):
            events = tuple(event for event in batch.events if event.at <= source.as_of)
            if events:
                yield replace(batch, events=events)

    tracks = tuple(_tracks(source, board)) if board else ()

    def passages(name: str) -> list[Passage]:
        if board is None or name != board.id:
            return []
        return [way for track in tracks if (way := passage(track, categories(board)))]

    return replace(source, passages=passages, events_of=events_of), tracks


def _tracks(source: Source, board: Board) -> Iterator[Track]:
    """The ways of the board's cards, dropped ones too; those that were over before the period are left out."""
    needed = {
        number
        for number, doc in source.reader.items("cards")
        if doc["board"] == board.id and not doc.get("unmade") and utc(doc["created"]) <= source.as_of
        if not (utc(doc["entered"]) < source.since and (board.ends(doc["stage"]) or _away(doc, source.since)))
    }
    flows = Flows([board]).fold(source.events_of("cards", needed, STEPS), needed)
    for track in flows.tracks(board.id):
        found = cut(track, source.as_of)
        if found is not None:
            yield found


def _away(doc: Doc, since: datetime) -> bool:
    return bool(doc.get("archived")) and utc(doc.get("put_away") or doc["entered"]) < since


def cut(track: Track, as_of: datetime) -> Track | None:
    """A card's way up to a moment; None when it was not there yet."""
    if track.created > as_of:
        return None
    dues = tuple(row for row in track.dues if row[0] <= as_of)
    return replace(
        track,
        path=tuple(step for step in track.path if step[1] <= as_of) or track.path[:1],
        blocked=tuple(
            (since, until if until and until <= as_of else None) for since, until in track.blocked if since <= as_of
        ),
        due=(dues[-1][1] if dues else None) if track.dues else track.due,
        dues=dues,
        archived=track.archived if track.archived and track.archived <= as_of else None,
    )


def over(track: Track, board: Board) -> datetime | None:
    """When work on it was over: done, dropped or put away; None while it goes on."""
    stage, entered = track.path[-1]
    return entered if board.ends(stage) else track.archived


def open_within(tracks: Iterable[Track], board: Board, start: datetime, end: datetime) -> list[Track]:
    """Those that had come in and were not over, at some time from `start` to before `end`."""
    return [track for track in tracks if track.created < end and ((gone := over(track, board)) is None or gone > start)]


def customers(docs: Iterable[Doc]) -> set[str]:
    """The customers of these cards, as far as they are known."""
    return {key for doc in docs if (key := buyer_key(doc))}


def days_of(first: date, last: date) -> list[date]:
    """All days from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
