"""The filter's keys about what no field of a card tells: where it stood on a day, what was promised, what answered."""

from __future__ import annotations

from datetime import date, timedelta

from opstui.domain.model import Doc, Refused
from opstui.i18n import _
from opstui.projections.filter_context import FilterContext, Predicate, any_of, unknown
from opstui.projections.filter_times import DAY_WORDS
from opstui.projections.spans import days

WIP = "wip"
"""What stands for "in progress" where a stage is named."""
COUNTED = ("promised", "answered", "unanswered", "settled")
"""Keys of cards that a figure counted: whose promise fell due in these days (and is past); messages that were made in
them and got an answer, or are open and got none; messages that were settled in them."""


def was(key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
    """Where a card stood at the end of a day: was:packing@2026-09-01, was:wip@yesterday for those in progress.

    Of several days (was:packing@2026-09-01..2026-09-30, was:packing@7d) it is where it stood at some time.
    """
    known = [WIP, *dict.fromkeys(stage.id for board in context.known_boards for stage in board.stages)]

    def one(value: str) -> Predicate:
        place, _at, word = value.partition("@")
        if place not in known:
            raise unknown(_("stage"), place, known)
        first, last = days_named(key, word.lower() or "today", context)
        if context.was is None:
            raise elsewhere(key)
        was = context.was

        def test(doc: Doc) -> bool:
            stood = was(doc["board"], first, last)
            return stood is not None and stood.holds(doc, place)

        return test

    return any_of(values, one)


def counted(key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
    """The cards that a figure about some days counted: promised:last-week, answered:30d, settled:today."""

    def one(value: str) -> Predicate:
        first, last = days_named(key, value.lower(), context)
        if context.counted is None:
            raise elsewhere(key)
        counted = context.counted
        return lambda doc: doc["id"] in counted(doc["board"], key, first, last)

    return any_of(values, one)


def elsewhere(key: str) -> Refused:
    """The refusal of a key where nobody can answer it."""
    return Refused(_("{key}: can be asked on a board and in Find only").format(key=key))


def days_named(key: str, words: str, context: FilterContext) -> tuple[date, date]:
    """The first and the last of the days that are named."""
    spans = [days(word, context.today, back=True) for word in words.split("..", 1)]
    known = [span for span in spans if span is not None]
    if len(known) < len(spans) or known[-1].after <= known[0].first:
        raise unknown(key, words, DAY_WORDS)
    return known[0].first, known[-1].after - timedelta(days=1)
