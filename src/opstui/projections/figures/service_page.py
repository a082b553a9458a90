"""The page about service (spec C.5): who waits for an answer, how soon people got one, and what they talk about.

Times are open minutes of the workspace's calendar: a question asked on Saturday evening waits from Monday morning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from msgspec import Struct

from opstui.domain.boards import Board
from opstui.domain.model import Doc
from opstui.holidays_of import opening
from opstui.i18n import _, ngettext
from opstui.metrics.calendar import BusinessCalendar
from opstui.metrics.percentiles import quantile
from opstui.metrics.resolution import first_contact_rate, reopen_rate
from opstui.metrics.service import Nps, Share, csat, first_response, nps
from opstui.metrics.sla import Reading, read
from opstui.metrics.track import local_day
from opstui.projections.breaches import broken_within
from opstui.projections.figures.queries import between, named, on, steps
from opstui.projections.figures.source import Source
from opstui.projections.panels import Element, Page, Panel
from opstui.projections.service_facts import (
    Ticket,
    resolution_clock,
    resolutions,
    response_clock,
    response_minutes,
    tickets,
)
from opstui.projections.tiles import State, term

QUEUE = 30
"""Tickets that are listed, the most urgent first."""
HOUR = 60
ENOUGH = 30
"""Answers from which a share of satisfied ones says something."""


class Desk(Struct, frozen=True, kw_only=True):
    """The tickets that matter to the period, with the documents of their cards and the calendar they are timed by."""

    source: Source
    board: Board
    found: Sequence[Ticket]
    docs: dict[int, Doc]
    calendar: BusinessCalendar
    warnings: tuple[str, ...] = ()

    @property
    def days(self) -> str:
        """The days of the period as a query has them."""
        return between(self.source.first, self.source.today)

    def of(self, key: str, name: str, found: Iterable[Ticket], *terms: str) -> str:
        """What finds the tickets whose field `key` has that value; they are named where the language cannot say it."""
        if '"' in name or name.casefold() in ("none", "me"):
            return named(self.source.reader, self.board, {ticket.card for ticket in found})
        return on(self.board, *terms, term(key, name or "none"))

    def within(self, at: Callable[[Ticket], object]) -> list[Ticket]:
        """The tickets to which something happened in the period: `at` gives when, or None."""
        source = self.source
        return [t for t in self.found if (when := at(t)) is not None and source.since <= when < source.until]  # type: ignore[operator]


def page(source: Source) -> Page:
    """The service of the first board of feedback."""
    board = source.first_of("feedback")
    if board is None:
        nothing = Panel(
            id="service.none", title=_("Service"), kind="table", elements=(), missing=_("there is no board of feedback")
        )
        return Page(id="service", title=_("Service"), panels=(nothing,), period=source.period)
    desk = _desk(source, board)
    panels = (queue(desk), summary(desk), arrivals(desk), themes(desk), loads(desk), by_channel(desk))
    return Page(id="service", title=_("Service"), subject=board.name, panels=panels, period=source.period)


def _desk(source: Source, board: Board) -> Desk:
    found = tickets(source)
    docs = {t.card: doc for t in found if (doc := source.reader.get("cards", t.card))}
    first = min((local_day(t.created, source.settings.zone).year for t in found), default=source.today.year)
    opened = opening(source.settings, range(first, source.today.year + 2))
    return Desk(source=source, board=board, found=found, docs=docs, calendar=opened.calendar, warnings=opened.warnings)


# ---------------------------------------------------------------------------------------------- who waits


def queue(desk: Desk) -> Panel:
    """Open tickets with a promise, the one with the least time left first."""
    waiting = sorted(_clocks(desk), key=lambda row: (row[2].left, row[0].card))
    elements = tuple(_waiting(desk, *row) for row in waiting[:QUEUE])
    late = sum(reading.breached for _t, _w, reading in waiting)
    risk = sum(reading.state == "at risk" for _t, _w, reading in waiting)
    parts = [
        ngettext("{n} promise is broken", "{n} promises are broken", late).format(n=late) if late else "",
        ngettext("{n} is at risk", "{n} are at risk", risk).format(n=risk) if risk else "",
    ]
    return Panel(
        id="service.queue",
        title=_("Who waits, by time left"),
        kind="table",
        unit="minutes",
        elements=elements,
        heads=(_("Ticket"), _("Left"), _("For"), _("Due"), _("Level"), _("Owner")),
        units=("", "", "", ""),
        state="bad" if late else "warn" if risk else "plain",
        says="; ".join(part for part in parts if part),
        next_step=_("answer the first one; if it cannot be settled today, tell the customer when") if late else "",
        method=_("Open minutes until the promise of opstui.toml ([sla]) is broken; below zero it is.")
        + "".join(f" {warning}." for warning in desk.warnings[:1]),
        missing="" if elements else _("nobody waits"),
    )


def _clocks(desk: Desk) -> Iterable[tuple[Ticket, str, Reading]]:
    """Of each open ticket the clock that runs: that of the first answer, then that of the solution."""
    source = desk.source
    for ticket in desk.found:
        if not ticket.open:
            continue
        for what, clock in (
            (_("first answer"), response_clock(ticket, source.settings, desk.board.kind)),
            (_("solution"), resolution_clock(ticket, source.settings, desk.board.kind)),
        ):
            reading = read(clock, desk.calendar, source.as_of) if clock else None
            if reading is not None and reading.open:
                yield ticket, what, reading
                break


def _waiting(desk: Desk, ticket: Ticket, what: str, reading: Reading) -> Element:
    doc, zone = desk.docs[ticket.card], desk.source.settings.zone
    states: dict[str, State] = {"breached": "bad", "at risk": "warn"}
    due = reading.due.astimezone(zone).strftime("%Y-%m-%d %H:%M") if reading.due else _("stands still")
    note = _("waits for the customer") if reading.paused else ""
    return Element(
        label=f"{doc['ref']} {doc['title']}",
        value=reading.left,
        cards=1,
        query=on(desk.board, f"ref:{doc['ref']}"),
        state=states.get(reading.state, "plain"),
        note=note,
        rest=(what, due, ticket.level, doc.get("owner") or _("nobody")),
    )


# ---------------------------------------------------------------------------------------------- how soon


def summary(desk: Desk) -> Panel:
    """First answer, solution, reopened, settled at once, satisfaction: each with the tickets it is of."""
    source = desk.source
    made = desk.within(lambda t: t.created)
    settled = desk.within(lambda t: t.settled)
    minutes = response_minutes(made, desk.calendar)
    answered = first_response(minutes)
    replied = [t for t, m in zip(made, minutes, strict=True) if m is not None]
    silent = [t for t, m in zip(made, minutes, strict=True) if m is None and t.open]
    ends = resolutions(settled, desk.calendar, source.as_of)
    hours = [r.minutes / HOUR for r in ends if r.minutes is not None]
    scored = [t for t in made if desk.docs[t.card].get("score") is not None]
    happy = csat(desk.docs[t.card]["score"] for t in scored)
    asked = [t for t in made if desk.docs[t.card].get("nps") is not None]
    answers, none, over = f"answered:{desk.days}", f"unanswered:{desk.days}", f"settled:{desk.days}"
    elements = (
        _figure(desk, _("First answer, median"), answered.median, "minutes", replied, answers),
        _figure(desk, _("First answer, 90 %"), answered.p90, "minutes", replied, answers),
        _figure(desk, _("Not answered yet"), len(silent), "cards", silent, none, "bad" if silent else "good"),
        _promises(desk),
        _figure(desk, _("Solved in, median"), quantile(hours, 50), "hours", settled, over),
        _share(desk, _("Reopened"), reopen_rate(ends), settled, over),
        _share(desk, _("Settled at once"), first_contact_rate(ends), settled, over),
        _share(desk, _("Satisfied (4 and 5)"), happy, scored, f"{_made(desk)} score:>=0"),
        _recommend(desk, nps(desk.docs[t.card]["nps"] for t in asked), asked),
    )
    few = 0 < happy.n < ENOUGH
    return Panel(
        id="service.summary",
        title=_("How soon, and how well"),
        kind="figures",
        unit="",
        elements=elements,
        heads=(_("Figure"), _("Value")),
        says=_("{n} scores are few: the true share may lie far from this").format(n=happy.n) if few else "",
        method=_("Open minutes and hours of the calendar. The first answer is that of a person."),
    )


def _promises(desk: Desk) -> Element:
    """Messages with a promise that ran out in the period, as it is written down, those put away or declined too."""
    source = desk.source
    docs = (doc for _id, doc in source.reader.items("cards") if doc["board"] == desk.board.id)
    n = sum(broken_within(doc, source.since, source.until) for doc in docs)
    query = on(desk.board, f"breached:{desk.days}")
    return Element(
        label=_("Promises broken"),
        value=n,
        unit="cards",
        cards=n,
        query=query,
        state="bad" if n else "good",
        note=_("as written down; not of what was imported"),
    )


def _figure(
    desk: Desk, label: str, value: float | None, unit: str, of: Sequence[Ticket], terms: str, state: State = "plain"
) -> Element:
    return Element(label=label, value=value, unit=unit, cards=len(of), query=on(desk.board, terms), state=state)


def _share(desk: Desk, label: str, share: Share, of: Sequence[Ticket], terms: str) -> Element:
    query = on(desk.board, terms)
    low, high = share.interval or (0.0, 0.0)
    percent = desk.source.formats.percent
    note = _("{low} to {high}, of {n}").format(low=percent(low), high=percent(high), n=share.n) if share.n else ""
    return Element(label=label, value=share.value, unit="fraction", cards=len(of), query=query, note=note)


def _recommend(desk: Desk, found: Nps, asked: Sequence[Ticket]) -> Element:
    """The net promoter score; few answers say little, and it is told how far off it may be."""
    return Element(
        label=_("Would recommend (NPS)"),
        value=found.score,
        unit="",
        cards=len(asked),
        query=on(desk.board, _made(desk), "nps:>=0"),
        note=_("give or take {margin}, of {n}").format(margin=desk.source.formats.number(found.margin), n=found.n)
        if found.margin
        else "",
    )


def _made(desk: Desk) -> str:
    return f"created:{desk.days} -is:dropped"


# ---------------------------------------------------------------------------------------------- what they say


def arrivals(desk: Desk) -> Panel:
    """Messages of each day or week."""
    zone = desk.source.settings.zone
    days = [local_day(ticket.created, zone) for ticket in _every(desk)]
    elements = []
    for step in steps(desk.source.first, desk.source.today):
        n = sum(step.first <= day <= step.last for day in days)
        elements.append(
            Element(
                label=between(step.first, step.last),
                value=n,
                at=step.first,
                cards=n,
                query=on(desk.board, f"created:{between(step.first, step.last)}", "-is:dropped"),
                hollow=not step.whole,
            )
        )
    return Panel(
        id="service.arrivals",
        title=_("Messages that came"),
        kind="columns",
        elements=tuple(elements),
        heads=(_("Days"), _("Cards")),
        missing="" if days else _("nobody wrote in this period"),
    )


def _every(desk: Desk) -> list[Ticket]:
    """The tickets that were made in the period."""
    return desk.within(lambda t: t.created)


def _groups(desk: Desk, field: str) -> list[tuple[str, list[Ticket]]]:
    """The tickets made in the period by the value of a field, the most frequent first."""
    return sorted(_by(desk, field, _every(desk)).items(), key=lambda pair: (-len(pair[1]), not pair[0], pair[0]))


def _by(desk: Desk, field: str, found: Iterable[Ticket]) -> dict[str, list[Ticket]]:
    """Tickets by the value of a field, whatever its case: as the first has it."""
    groups: dict[str, list[Ticket]] = {}
    spelt: dict[str, str] = {}
    for ticket in found:
        value = str(desk.docs[ticket.card].get(field) or "")
        groups.setdefault(spelt.setdefault(value.casefold(), value), []).append(ticket)
    return groups


def themes(desk: Desk) -> Panel:
    """What people write about, this week against the week before; one that doubled is marked."""
    today, zone = desk.source.today, desk.source.settings.zone
    week, before = today - timedelta(days=6), today - timedelta(days=13)
    elements = []
    for name, found in _groups(desk, "theme"):
        days = [local_day(t.created, zone) for t in found]
        now, then = sum(day >= week for day in days), sum(before <= day < week for day in days)
        spike = now >= 3 and now >= 2 * max(1, then)  # noqa: PLR2004 - spec D.7, R-10
        elements.append(
            Element(
                label=name or _("without a theme"),
                value=len(found),
                cards=len(found),
                query=desk.of("theme", name, found, _made(desk)),
                marked=spike,
                state="bad" if spike else "plain",
                note=_("{now} this week, {then} the week before").format(now=now, then=then),
                rest=(now, then),
            )
        )
    spikes = [element.label for element in elements if element.marked]
    return Panel(
        id="service.themes",
        title=_("What they write about"),
        kind="bars",
        elements=tuple(elements),
        heads=(_("Theme"), _("Cards"), _("This week"), _("Week before")),
        units=("cards", "cards"),
        state="bad" if spikes else "plain",
        says=_("{names}: twice as many as the week before").format(names=", ".join(spikes)) if spikes else "",
        next_step=_("read them together, and open an action for the cause") if spikes else "",
        missing="" if elements else _("nobody wrote in this period"),
    )


def loads(desk: Desk) -> Panel:
    """Open tickets by who has them."""
    counts = _by(desk, "owner", (ticket for ticket in desk.found if ticket.open))
    elements = []
    for name, found in sorted(counts.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        elements.append(
            Element(
                label=name or _("nobody"),
                value=len(found),
                cards=len(found),
                query=desk.of("owner", name, found, "is:open -is:archived"),
                state="warn" if not name else "plain",
            )
        )
    nobody = len(counts.get("", ()))
    return Panel(
        id="service.loads",
        title=_("Who has them"),
        kind="bars",
        elements=tuple(elements),
        heads=(_("Member"), _("Open")),
        says=ngettext("{n} open card is nobody's", "{n} open cards are nobody's", nobody).format(n=nobody)
        if nobody
        else "",
        missing="" if elements else _("nothing is open"),
    )


def by_channel(desk: Desk) -> Panel:
    """Where messages came from, and how long each channel waited."""
    elements = []
    for name, found in _groups(desk, "channel"):
        answered = first_response(response_minutes(found, desk.calendar))
        elements.append(
            Element(
                label=name or _("no channel"),
                value=len(found),
                cards=len(found),
                query=desk.of("channel", name, found, _made(desk)),
                rest=(answered.median, answered.unanswered),
            )
        )
    return Panel(
        id="service.channels",
        title=_("Channels"),
        kind="table",
        elements=tuple(elements),
        heads=(_("Channel"), _("Cards"), _("First answer, median"), _("Not answered")),
        units=("minutes", "cards"),
        missing="" if elements else _("nobody wrote in this period"),
    )
