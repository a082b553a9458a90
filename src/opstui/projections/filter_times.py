"""The filter's keys about days and times: due, created, since, entered, done, age."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from opstui.domain.model import Refused
from opstui.formats import utc_text
from opstui.i18n import _
from opstui.projections.filter_context import FilterContext, Predicate, any_of, states, unknown
from opstui.projections.spans import Span, compared, days, operator, span_of_age, utc_edge, within

DAY_WORDS = ("today", "tomorrow", "yesterday", "this-week", "next-week", "last-week", "this-month", "7d", "2026-09-19")
"""Examples of what names days."""


def _span(key: str, value: str, context: FilterContext, *, back: bool) -> tuple[date | None, date | None]:
    """The half-open interval of local days a value means: a word, a comparison, or a range with two dots."""
    try:
        if ".." in value:
            first, last = (part and _known_days(part, context, back=back) for part in value.split("..", 1))
            return (first.first if first else None), (last.after if last else None)
        sign, word = operator(value)
        return compared(sign, _known_days(word, context, back=back))
    except (OverflowError, LookupError):
        raise unknown(key, value, DAY_WORDS) from None


def _known_days(word: str, context: FilterContext, *, back: bool) -> Span:
    found = days(word.lower(), context.today, back=back)
    if found is None:
        raise LookupError(word)
    return found


def due_key(key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
    """The due day: a word, a comparison, a range; none; overdue (and still open).

    A card whose making was undone promises nothing.
    """

    def one(value: str) -> Predicate:
        word = value.lower()
        if word == "none":
            return lambda doc: not doc.get("due")
        if word == "overdue":
            return states(context)["late"]
        low, high = _span(key, value, context, back=False)
        inside = within(low and low.isoformat(), high and high.isoformat()) if low or high else bool
        return lambda doc: bool(doc.get("due")) and bool(inside(doc["due"])) and not doc.get("unmade")

    return any_of(values, one)


def moment_key(field: str, *, done: bool = False, onward: bool = False) -> Callable[..., Predicate]:
    """A key about one of the document's times. `onward`: from the beginning of what is named, until now.

    A card whose making was undone was not made, so nothing happened to it.
    """

    def read(key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
        is_done = states(context)["done"]

        def one(value: str) -> Predicate:
            low, high = _span(key, value, context, back=True)
            edges = utc_edge(low, context.zone), None if onward else utc_edge(high, context.zone)
            inside = within(*edges) if any(edges) else bool
            if done:
                return lambda doc: inside(doc[field]) and is_done(doc) and not doc.get("unmade")
            return lambda doc: bool(inside(doc[field])) and not doc.get("unmade")

        return any_of(values, one)

    return read


def breached_key(key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
    """A promise about the card ran out on these days."""

    def one(value: str) -> Predicate:
        low, high = _span(key, value, context, back=True)
        edges = utc_edge(low, context.zone), utc_edge(high, context.zone)
        inside = within(*edges) if any(edges) else bool
        return lambda doc: any(map(inside, doc.get("breached", {}).values())) and not doc.get("unmade")

    return any_of(values, one)


def age_key(key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
    """How long a card has been in its stage."""
    sign, word = operator(values[0].lower())
    length = span_of_age(word)
    if length is None:
        raise Refused(_("{key}:{value} is no age; write age:>3d, age:<12h, age:>2w").format(key=key, value=values[0]))
    try:
        edge = utc_text(context.moment - length)
    except OverflowError:
        edge = ""
    if sign in ("<", "<="):
        return lambda doc: doc["entered"] > edge
    return lambda doc: doc["entered"] <= edge
