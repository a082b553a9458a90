"""What customers told in an incident, how they were served, and what became of each.

The items are the card itself and the feedback linked with it. Times of service are open minutes against [sla], by the
same clocks as the page about service.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from opstui.domain.model import Card, Doc, card_from
from opstui.holidays_of import opening
from opstui.metrics.calendar import BusinessCalendar
from opstui.metrics.ontime import promised as promised_day
from opstui.metrics.percentiles import median
from opstui.metrics.service import Share, csat
from opstui.metrics.sla import Clock, read
from opstui.metrics.track import Track, day_end, local_day
from opstui.projections.incident import IncidentFacts, common
from opstui.projections.incident_board import customers, days_of, over
from opstui.projections.incident_case import Case, Stood
from opstui.projections.service_facts import (
    Ticket,
    resolution_clock,
    resolutions,
    response_clock,
    response_minutes,
    tickets,
)

SEVERITIES = ("low", "normal", "high", "critical")
_WEEK = 7
MOST_DAYS = 60
"""More days than these are told by the week."""


class Item(Struct, frozen=True, kw_only=True):
    """A message of a customer and what became of it.

    `promised` is the day of its promise; `kept` whether it was, None while that is open. `settled` is when it was over.
    """

    card: Card
    stage: str
    settled: datetime | None
    promised: date | None
    kept: bool | None
    answered: datetime | None


class Theme(Struct, frozen=True, kw_only=True):
    """What people talk about. `theme` is "" for what nobody sorted."""

    theme: str
    items: int
    customers: int
    share: float
    first: date
    last: date
    severity: str


class Period(Struct, frozen=True):
    """Messages and complaints of a day, or of the week that begins with it."""

    first: date
    items: int
    complaints: int


class Measure(Struct, frozen=True, kw_only=True):
    """A time of service over the items: open minutes. `targets` are the lowest and the highest promise among them."""

    targets: tuple[float, float] | None
    median: float | None
    n: int
    open: int
    """Items where it has not come yet."""
    breaches: int | None
    """None where nothing is promised."""


class FeedbackFacts(IncidentFacts, frozen=True, kw_only=True):
    """The facts of a feedback incident. `received` are all messages of the days from the first item to the last."""

    items: tuple[Item, ...]
    customers: int
    unnamed: int
    channels: tuple[str, ...]
    sensitive: bool
    themes: tuple[Theme, ...]
    received: int
    first_day: date
    last_day: date
    weekly: bool
    periods: tuple[Period, ...]
    response: Measure
    resolution: Measure
    reopened: int
    untimed: int
    """Items that no clock counts: declined ones."""
    csat_after: Share
    closed: datetime | None
    """When the last item was over; None while one is open."""

    @property
    def by_person(self) -> int:
        """Items that a person has answered."""
        return sum(item.answered is not None for item in self.items)


def feedback_facts(case: Case) -> FeedbackFacts:
    """The facts of an incident on a feedback card."""
    zone = case.settings.zone
    found = case.ways()
    docs = [one.doc for one, _track in found]
    days = [local_day(track.created, zone) for _one, track in found]
    first, last = min(days), max(days)
    start, start_marked = case.since(min(track.created for _one, track in found))
    ends = [over(track, case.board) for _one, track in found]
    closed = max(end for end in ends if end) if all(ends) else None
    timed = {ticket.card: ticket for ticket in tickets(case.source)}
    mine = [timed[track.card] for _one, track in found if track.card in timed]
    calendar = _calendar(case, first)
    after = list(_scores_after(case, docs, closed))
    return FeedbackFacts(
        **common(case, start=start, start_marked=start_marked, end=case.until(start, closed)),  # type: ignore[arg-type]
        items=tuple(_item(case, one, track, timed.get(track.card)) for one, track in found),
        customers=len(customers(docs)),
        unnamed=sum(not customers([doc]) for doc in docs),
        channels=tuple(sorted({str(doc["channel"]) for doc in docs if doc.get("channel")})),
        sensitive=any(doc.get("sensitive") for doc in docs),
        themes=tuple(_themes(docs, days)),
        received=_received(case, {track.card for _one, track in found}, first, last),
        first_day=first,
        last_day=last,
        weekly=len(days_of(first, last)) > MOST_DAYS,
        periods=tuple(_periods(docs, days)),
        response=_response(case, mine, calendar),
        resolution=_resolution(case, mine, calendar),
        reopened=sum(known.reopened > 0 for known in resolutions(mine, calendar, case.as_of)),
        untimed=len(found) - len(mine),
        csat_after=csat(after),
        closed=closed,
    )


def _calendar(case: Case, first: date) -> BusinessCalendar:
    years = range(first.year, local_day(case.as_of, case.settings.zone).year + 2)
    return opening(case.settings, years).calendar


def _item(case: Case, one: Stood, track: Track, ticket: Ticket | None) -> Item:
    zone, gone = case.settings.zone, over(track, case.board)
    day, kept = promised_day(track, zone), None
    if day is not None and (gone is not None or case.as_of >= day_end(day, zone)):
        kept = gone is not None and gone < day_end(day, zone)
    stage = case.board.stage(track.path[-1][0])
    return Item(
        card=card_from(one.doc),
        stage=stage.name if stage else track.path[-1][0],
        settled=gone,
        promised=day,
        kept=kept,
        answered=ticket.answered if ticket else None,
    )


# --------------------------------------------------------------------------------------- what they told


def _themes(docs: Sequence[Doc], days: Sequence[date]) -> Iterator[Theme]:
    """The themes, the one of most items first."""
    groups: dict[str, list[tuple[Doc, date]]] = {}
    for doc, day in zip(docs, days, strict=True):
        groups.setdefault(" ".join(str(doc.get("theme") or "").casefold().split()), []).append((doc, day))
    for name in sorted(groups, key=lambda theme: (-len(groups[theme]), theme)):
        group = groups[name]
        yield Theme(
            theme=str(group[0][0].get("theme") or ""),
            items=len(group),
            customers=len(customers(doc for doc, _day in group)),
            share=len(group) / len(docs),
            first=min(day for _doc, day in group),
            last=max(day for _doc, day in group),
            severity=max((str(doc.get("severity") or "normal") for doc, _day in group), key=SEVERITIES.index),
        )


def _received(case: Case, items: set[int], first: date, last: date) -> int:
    zone = case.settings.zone
    came = {track.card for track in case.tracks if first <= local_day(track.created, zone) <= last}
    return len(came | items)


def _periods(docs: Sequence[Doc], days: Sequence[date]) -> Iterator[Period]:
    """By day, those without any too; by week where there are too many days to read."""
    every = days_of(min(days), max(days))
    length = _WEEK if len(every) > MOST_DAYS else 1
    for day in every[::length]:
        inside = [doc for doc, at in zip(docs, days, strict=True) if day <= at < day + timedelta(days=length)]
        yield Period(day, len(inside), sum(doc.get("sort") == "complaint" for doc in inside))


def _scores_after(case: Case, docs: Sequence[Doc], closed: datetime | None) -> Iterator[int]:
    """What the same customers scored in messages that came in after all of this was over."""
    keys, mine = customers(docs), {doc["id"] for doc in docs}
    for track in case.tracks if closed else ():
        doc = case.source.reader.get("cards", track.card) or {}
        known = closed is not None and track.created > closed and track.card not in mine
        if known and doc.get("score") and customers([doc]) & keys:
            yield int(doc["score"])


# --------------------------------------------------------------------------------------- how they were served


def _response(case: Case, mine: Sequence[Ticket], calendar: BusinessCalendar) -> Measure:
    minutes = response_minutes(mine, calendar)
    return _measure(case, mine, minutes, "response", calendar)


def _resolution(case: Case, mine: Sequence[Ticket], calendar: BusinessCalendar) -> Measure:
    minutes = [known.minutes for known in resolutions(mine, calendar, case.as_of)]
    return _measure(case, mine, minutes, "resolution", calendar)


def _measure(
    case: Case,
    mine: Sequence[Ticket],
    minutes: Sequence[float | None],
    which: Literal["response", "resolution"],
    calendar: BusinessCalendar,
) -> Measure:
    clock_of = response_clock if which == "response" else resolution_clock
    clocks: list[Clock] = [clock for ticket in mine if (clock := clock_of(ticket, case.settings)) is not None]
    known = [value for value in minutes if value is not None]
    targets = [clock.target for clock in clocks]
    return Measure(
        targets=(min(targets), max(targets)) if targets else None,
        median=median(known),
        n=len(known),
        open=len(minutes) - len(known),
        breaches=sum(read(clock, calendar, case.as_of).breached for clock in clocks) if clocks else None,
    )
