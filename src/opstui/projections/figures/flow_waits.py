"""Where work waits, what is getting old, and when it will be done: the panels about flow that say what to do next."""

from __future__ import annotations

from datetime import date, timedelta

from opstui.i18n import _, ngettext
from opstui.metrics.bottleneck import Slowest
from opstui.metrics.forecast import FEWEST, finish, finish_day, how_many, unable
from opstui.metrics.percentiles import quantile
from opstui.metrics.track import hours
from opstui.projections.bottleneck_words import Told, told
from opstui.projections.figures.lately import Lately, days
from opstui.projections.figures.queries import between, on
from opstui.projections.panels import Element, Guide, Panel
from opstui.projections.tiles import State

OLDEST = 30
"""Cards in progress that are listed, the oldest first."""
SURE = (0.5, 0.85, 0.95)
"""How sure a forecast is."""
AHEAD = (7, 14, 30)
"""Days ahead for which it is told how many cards will be done."""


def dwelling(lately: Lately) -> Panel:
    """The share of all waiting and working time that each open stage took, and whether the largest is a bottleneck."""
    source, board = lately.source, lately.board
    spent = lately.cards.dwell(source.as_of)
    whole = sum((hours(span) for span in spent.values()), 0.0)
    slowest = lately.cards.slowest(source.as_of)
    said = _said(lately, slowest)
    elements = []
    for stage in board.stages:
        if stage.category not in ("queue", "active"):
            continue
        took, touched = hours(spent.get(stage.id, timedelta())), lately.cards.touched(stage.id)
        worst = slowest is not None and slowest.stage == stage.id
        elements.append(
            Element(
                label=stage.name,
                value=took / whole if whole else None,
                cards=touched,
                query=on(board, f"was:{stage.id}@{between(source.first, source.today)}") if touched else "",
                state="bad" if worst and slowest and slowest.proven else "warn" if worst else "plain",
                marked=worst,
                rest=(days(took / touched) if touched else None, stage.expected_hours),
            )
        )
    return Panel(
        id="flow.bottleneck",
        title=_("Where the time goes"),
        kind="bars",
        unit="fraction",
        elements=tuple(elements),
        heads=(_("Stage"), _("Share"), _("Days a card"), _("Hours expected")),
        units=("days", "hours"),
        state="bad" if slowest and slowest.proven else "plain",
        says=said.sentence if said else "",
        next_step=said.next_step if said else "",
        method=_("Time that all cards spent in each open stage, within the period. The first stage never wins."),
        missing="" if whole else _("no card was open in this period"),
    )


def _said(lately: Lately, slowest: Slowest | None) -> Told | None:
    stage = lately.board.stage(slowest.stage) if slowest else None
    if slowest is None or stage is None:
        return None
    return told(stage.name, slowest.share, slowest.cards, slowest.signs, stage.sop, lately.source.formats)


def ageing(lately: Lately) -> Panel:
    """Cards in progress by age, against how long finished ones took: amber above the median, red above the 85th."""
    source, board = lately.source, lately.board
    p50, p85 = (days(quantile(lately.cards.cycles.values, share)) for share in (50, 85))
    aged = [(source.as_of - way.started, way) for way in lately.cards.under_way.values() if way.started]
    aged.sort(key=lambda pair: (-pair[0], pair[1].track.card))
    elements = []
    for age, way in aged[:OLDEST]:
        doc = source.reader.get("cards", way.track.card)
        if doc is None:
            continue
        stage, old = board.stage(way.track.path[-1][0]), days(hours(age))
        elements.append(
            Element(
                label=f"{doc['ref']} {doc['title']}",
                value=old,
                cards=1,
                query=on(board, f"ref:{doc['ref']}"),
                state=_old(old, p50, p85),
                note=stage.name if stage else way.track.path[-1][0],
                rest=(stage.name if stage else "", doc.get("owner") or ""),
            )
        )
    red = sum(_old(days(hours(age)), p50, p85) == "bad" for age, _way in aged)
    says = ngettext(
        "{n} card is older than 85 % of the finished ones got",
        "{n} cards are older than 85 % of the finished ones got",
        red,
    )
    return Panel(
        id="flow.ageing",
        title=_("Getting old"),
        kind="bars",
        unit="days",
        elements=tuple(elements),
        heads=(_("Card"), _("Days"), _("Stage"), _("Owner")),
        units=("", ""),
        guides=tuple(Guide(label, at) for label, at in (("p50", p50), ("p85", p85)) if at is not None),
        state="bad" if red else "plain",
        says=says.format(n=red) if red else "",
        next_step=_("begin the day with the oldest, and ask what it waits for") if red else "",
        method=_("Days since work began, against the cycle times of the cards done in this period."),
        missing="" if elements else _("no card is in progress"),
    )


def _old(age: float | None, p50: float | None, p85: float | None) -> State:
    if age is None or p50 is None or p85 is None:
        return "plain"
    return "bad" if age > p85 else "warn" if age > p50 else "good"


def forecast(lately: Lately) -> Panel:
    """When all open cards will be done, and how many in the days ahead, from what was done a day lately."""
    source, board = lately.source, lately.board
    history = _history(lately)
    left = lately.cards.left
    found = finish(history, left, SURE) if left else None
    elements = []
    for sure, ahead in zip(SURE, found.days if found else (), strict=False):
        day = _by(lately, ahead)
        note = ngettext("{n} day from now", "{n} days from now", ahead or 0).format(n=ahead) if day else _("not soon")
        elements.append(
            Element(
                label=_("all {n} open, {share} sure").format(n=left, share=lately.source.formats.percent(sure)),
                value=day.isoformat() if day else None,
                cards=left,
                query=on(board, "is:open", "-is:archived"),
                note=note,
            )
        )
    for ahead in AHEAD:
        if counts := how_many(history, ahead, SURE):
            half, most, nearly = counts.items
            at_least = _("at least {n} more cards done by {day}, 85 % sure")
            elements.append(
                Element(
                    label=_("done in {n} days").format(n=ahead),
                    value=most,
                    unit="cards",
                    note=at_least.format(n=most, day=source.today + timedelta(days=ahead)),
                    rest=(half, nearly),
                )
            )
    return Panel(
        id="flow.forecast",
        title=_("When will it be done?"),
        kind="table",
        unit="",
        elements=tuple(elements),
        heads=(_("Forecast"), _("85 % sure"), _("50 %"), _("95 %")),
        units=("cards", "cards"),
        says=_promise(lately, left, found.days[1] if found else None),
        method=_(
            "Each day ahead is taken to be like one of the past days; all chances are added up, nothing is drawn."
        ),
        missing="" if elements else _why(history),
    )


def _history(lately: Lately) -> list[int]:
    """Cards done on each day of the period that is over."""
    return lately.cards.done[:-1]


def _by(lately: Lately, ahead: int | None) -> date | None:
    """The day that is so many days ahead."""
    return None if ahead is None else finish_day(lately.source.today, ahead, lambda _day: True)


def _promise(lately: Lately, left: int, ahead: int | None) -> str:
    day = _by(lately, ahead)
    if day is None:
        return ""
    return _("85 % sure: all {n} open cards are done by {day}, if no new ones came").format(n=left, day=day)


def _why(history: list[int]) -> str:
    if unable(history) == "too few days":
        return _("a forecast needs {n} days that are over").format(n=FEWEST)
    return _("nothing was done lately, so nothing can be foreseen")
