"""The filter's keys about customers and what led to their orders: buyer:, first:, touch:."""

from __future__ import annotations

from opstui.domain.model import Doc
from opstui.projections.filter_context import Bought, FilterContext, Predicate, any_of, unknown
from opstui.projections.filter_history import days_named, elsewhere

BUYER_WORDS = ("new", "returning", "repeat", "lost")
"""What may stand behind buyer:."""


def buyer(key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
    """An order by its customer: buyer:new (their first), returning (bought before), repeat (more than once), lost."""
    bought = _bought(key, context)
    tests = dict(zip(BUYER_WORDS, (bought.is_new, bought.is_returning, bought.is_repeat, bought.is_lost), strict=True))

    def one(value: str) -> Predicate:
        if value.casefold() not in tests:
            raise unknown(key, value, list(tests))
        return tests[value.casefold()]

    return any_of(values, one)


def touch(_key: str, values: tuple[str, ...], _context: FilterContext) -> Predicate:
    """Orders that a channel led to, by what is written on them; touch:none where nothing is."""
    wanted = frozenset(value.casefold() for value in values)

    def test(doc: Doc) -> bool:
        touches = doc.get("touches", ())
        return any(t["channel"].casefold() in wanted for t in touches) if touches else "none" in wanted

    return test


def first(key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
    """All orders of the customers whose first order was made in these days: first:2026-09, first:30d."""
    bought = _bought(key, context)

    def one(value: str) -> Predicate:
        first, last = days_named(key, value.lower(), context)
        return lambda doc: (day := bought.first_day(doc)) is not None and first <= day <= last

    return any_of(values, one)


def _bought(key: str, context: FilterContext) -> Bought:
    if context.bought is None:
        raise elsewhere(key)
    return context.bought()
