"""What could come next in a filter that is being typed: keys, and after a key the values it can have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from opstui.projections.filter_buyers import BUYER_WORDS
from opstui.projections.filter_context import FilterContext, states
from opstui.projections.filter_history import COUNTED
from opstui.projections.filter_keys import CHOICES, KEYS
from opstui.projections.filter_times import DAY_WORDS

_DAYS = ("due", "created", "since", "entered", "done", "breached", *COUNTED)
"""Keys whose value is a day, with or without a comparison before it."""
LEAST = 2
"""Letters of a key before it is offered: single letters begin too many words."""
_NAMED = re.compile(r'(?:^|\s)@([^\s"]*)$')
_LAST = re.compile(r'(?:^|\s)-?((?:[a-zA-Z_]+:)?(?:[^\s",]+,)*)((?:[<>]=?|=)?)([^\s",:<>=]*)$')


class Offer(Struct, frozen=True):
    """`options` are what may stand behind `stem`, the part of the query that stays as it is."""

    stem: str
    options: tuple[str, ...] = ()

    @property
    def wholes(self) -> tuple[str, ...]:
        """The query as it would read with each of them."""
        return tuple(self.stem + option for option in self.options)


def offer(
    query: str,
    context: FilterContext,
    owners: Iterable[str] = (),
    tags: Iterable[str] = (),
    saved: Iterable[str] = (),
) -> Offer:
    """What may come next. `owners`, `tags` and `saved` (filters) are names that are known."""
    if (named := _NAMED.search(query)) is not None:
        start = named[1].casefold()
        fitting = (name for name in saved if name.casefold().startswith(start))
        return Offer(query[: named.start(1)], tuple(f'"{name}"' if " " in name else name for name in fitting))
    match = _LAST.search(query)
    if match is None:
        return Offer(query)
    before, sign, begun = match.groups()
    stem = query[: match.start(3)]
    if sign:
        key = before.partition(":")[0].lower()
        return Offer(stem, _beginning(DAY_WORDS[:-1], begun) if key in _DAYS else ())
    if not before:
        keys = tuple(f"{key}:" for key in KEYS) if len(begun) >= LEAST else ()
        return Offer(stem, _beginning(keys, begun))
    key = before.partition(":")[0].lower() if ":" in before else ""
    known = {"owner": ("me", "none", *owners), "tag": ("none", *tags), **_values(context)}
    return Offer(stem, _beginning(known.get(key, ()), begun))


def _values(context: FilterContext) -> Mapping[str, Sequence[str]]:
    stages = [stage.id for board in context.known_boards for stage in board.stages]
    words = DAY_WORDS[:-1]
    days = dict.fromkeys(_DAYS, words)
    return {
        "is": tuple(states(context)),
        "stage": tuple(dict.fromkeys(stages)),
        "board": tuple(board.id for board in context.known_boards),
        "kind": ("order", "campaign", "feedback", "action"),
        **days,
        "due": (*words, "none", "overdue"),
        "buyer": BUYER_WORDS,
        "first": words,
        **CHOICES,
    }


def _beginning(known: Iterable[str], begun: str) -> tuple[str, ...]:
    start = begun.casefold()
    return tuple(word for word in dict.fromkeys(known) if word.casefold().startswith(start) and " " not in word)
