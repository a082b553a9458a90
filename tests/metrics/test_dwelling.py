"""Stays that are put in and taken out add up to what one walk over all passages finds."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from builders import hour, track
from opstui.metrics.bottleneck import Place, slowest_stage, total_dwell
from opstui.metrics.dwelling import Dwelling
from opstui.metrics.track import Category, Passage, passage

KINDS: dict[str, Category] = {"new": "queue", "pack": "active", "ship": "active", "closed": "done"}
PLACES = (Place("pack", 2, 4.0), Place("ship", 1, 9.0))
SINCE, NOW = 20, 60
HOUR = st.integers(0, 70)
BLOCKS = st.lists(HOUR, max_size=4, unique=True).map(sorted)


def kind(stage: str) -> Category:
    return KINDS.get(stage, "active")


@st.composite
def ways(draw: st.DrawFn) -> Passage:
    times = sorted(draw(st.lists(HOUR, min_size=1, max_size=5)))
    path = [(draw(st.sampled_from((*KINDS, "pack", "ship", "gone"))), float(at)) for at in times]
    edges = [hour(at) for at in draw(BLOCKS)]
    blocked = tuple((edges[n], edges[n + 1] if n + 1 < len(edges) else None) for n in range(0, len(edges), 2))
    away = draw(st.none() | HOUR)
    found = passage(track(*path, blocked=blocked, archived=None if away is None else hour(away)), kind)
    assert found is not None
    return found


def numbered(found: list[Passage]) -> list[Passage]:
    """Each is another card's."""
    return [replace(way, track=replace(way.track, card=n)) for n, way in enumerate(found)]


@given(st.lists(ways(), max_size=9), st.lists(ways(), max_size=4), st.integers(0, 9), st.integers(NOW, NOW + 9))
@settings(max_examples=150, deadline=None)
def test_it_says_what_a_walk_says(stay: list[Passage], go: list[Passage], later: int, at: int) -> None:
    every, now = numbered(stay), hour(at) + timedelta(minutes=later)
    dwelling = Dwelling(kind, hour(SINCE))
    for way in (*go, *every):
        dwelling.take(dwelling.stays(way, now), 1)
    dwelling.slowest(PLACES, now)
    for way in go:
        dwelling.take(dwelling.stays(way, now), -1)
    assert dwelling.slowest(PLACES, now) == slowest_stage(every, PLACES, kind, hour(SINCE), now)
    assert dwelling.total(now) == total_dwell(every, kind, hour(SINCE), now)


@given(st.lists(ways(), max_size=9), st.lists(st.integers(0, 300), max_size=3))
@settings(max_examples=80, deadline=None)
def test_what_is_over_needs_no_second_look(found: list[Passage], minutes: list[int]) -> None:
    every = numbered(found)
    dwelling = Dwelling(kind, hour(SINCE))
    for way in every:
        dwelling.take(dwelling.stays(way, hour(71)), 1)
    for ahead in minutes:
        now = hour(71) + timedelta(minutes=ahead)
        assert dwelling.slowest(PLACES, now) == slowest_stage(every, PLACES, kind, hour(SINCE), now)
