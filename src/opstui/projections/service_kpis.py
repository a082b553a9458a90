"""The figures of service over a period, by permanent ids: what `opstui kpi` prints of a board of feedback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from opstui.holidays_of import opening
from opstui.metrics.resolution import first_contact_rate, reopen_rate
from opstui.metrics.service import csat, first_response, nps
from opstui.metrics.track import local_day
from opstui.projections.breaches import broken_within
from opstui.projections.figures.source import Source
from opstui.projections.kpis import Metric
from opstui.projections.service_facts import resolutions, response_minutes, tickets


def service_metrics(source: Source) -> Iterator[Metric]:
    """First answers of the messages made in the period, and what became of those resolved in it, in open minutes."""
    found = tickets(source)
    years = {local_day(ticket.created, source.settings.zone).year for ticket in found} | {source.today.year}
    calendar = opening(source.settings, range(min(years), max(years) + 1)).calendar

    def within(at: datetime | None) -> bool:
        return at is not None and source.since <= at < source.until

    made = [ticket for ticket in found if within(ticket.created)]
    minutes = response_minutes(made, calendar)
    answered = first_response(minutes)
    silent = sum(minute is None and ticket.open for ticket, minute in zip(made, minutes, strict=True))
    ends = resolutions([ticket for ticket in found if within(ticket.settled)], calendar, source.as_of)
    docs = [source.reader.get("cards", ticket.card) or {} for ticket in made]
    said = nps(doc["nps"] for doc in docs if doc.get("nps") is not None)
    happy = csat(doc["score"] for doc in docs if doc.get("score") is not None)
    reopened, once = reopen_rate(ends), first_contact_rate(ends)
    yield Metric("first_response_p50_minutes", answered.median, "minutes", answered.n)
    yield Metric("first_response_p90_minutes", answered.p90, "minutes", answered.n)
    yield Metric("unanswered", silent, "cards", len(made))
    yield Metric("sla_breaches", *_broken(source))
    yield Metric("reopen_rate", reopened.value, "fraction", reopened.n)
    yield Metric("first_contact_rate", once.value, "fraction", once.n)
    yield Metric("csat", happy.value, "fraction", happy.n)
    yield Metric("nps", said.score, "points", said.n)


def _broken(source: Source) -> tuple[int, str, int]:
    """Cards with a promise that ran out in the period, as it is written down; of so many."""
    board = source.first_of("feedback")
    docs = [doc for _id, doc in source.reader.items("cards") if board and doc["board"] == board.id]
    n = sum(broken_within(doc, source.since, source.until) for doc in docs)
    return n, "cards", n
