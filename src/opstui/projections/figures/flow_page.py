"""The page about flow (spec C.1): how long work takes, where it waits, what is getting old, and when it will be done.

For the board on screen. The panels stand in the order of the questions people ask: how are we doing, is it getting
worse, where does it stick, which card must move today, when will it be done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from opstui.domain.boards import Board
from opstui.domain.targets import targets_of
from opstui.i18n import _, ngettext
from opstui.metrics.flow import Little
from opstui.metrics.percentiles import quantile
from opstui.projections.figures.flow_waits import ageing, dwelling, forecast
from opstui.projections.figures.lately import DAY, Lately, days
from opstui.projections.figures.queries import BY_DAY, WEEK, between, on, steps
from opstui.projections.figures.source import Source
from opstui.projections.panels import Element, Guide, Page, Panel
from opstui.projections.tiles import State, status

LITTLE_APART = 0.25
"""Average work in progress and throughput x cycle time may differ by so much (spec C.1)."""


def page(source: Source) -> Page:
    """The flow of the board on screen over the period. Cards that were dropped are in none of its figures."""
    board = source.board or source.settings.boards[0]
    lately = Lately(source=source, board=board, cards=source.cards(board.id))
    panels = (
        summary(lately),
        dwelling(lately),
        cumulative(lately),
        cycle_times(lately),
        ageing(lately),
        throughput(lately),
        forecast(lately),
    )
    return Page(id="flow", title=_("Flow"), subject=board.name, panels=panels, period=source.period)


def summary(lately: Lately) -> Panel:
    """Lead and cycle time, throughput, on time, work in progress, efficiency, each with its n."""
    source, board, cards = lately.source, lately.board, lately.cards
    leads, cycles, done = cards.leads.values, cards.cycles.values, cards.n_done
    finished = on(board, f"done:{between(source.first, source.today)}")
    figures = (
        (_("Lead time p50"), days(quantile(leads, 50)), "days"),
        (_("Lead time p85"), days(quantile(leads, 85)), "days"),
        (_("Cycle time p50"), days(quantile(cycles, 50)), "days"),
        (_("Cycle time p85"), days(quantile(cycles, 85)), "days"),
        (_("Done"), done, "cards"),
    )
    elements = [
        Element(label=label, value=value, unit=unit, cards=done, query=finished) for label, value, unit in figures
    ]
    elements.append(_on_time(lately))
    elements.append(
        Element(
            label=_("In progress"),
            value=cards.at_work,
            unit="cards",
            cards=cards.at_work,
            query=on(board, f"was:wip@{source.today}"),
        )
    )
    elements.append(_efficiency(lately, finished))
    elements.append(_balance(lately))
    return Panel(
        id="flow.summary",
        title=_("How it flows"),
        kind="figures",
        unit="",
        elements=tuple(elements),
        heads=(_("Figure"), _("Value")),
        method=_("Lead time: made to done. Cycle time: first work to done. p85: 85 % took no longer (type 7)."),
    )


def _on_time(lately: Lately) -> Element:
    source, board = lately.source, lately.board
    kept, n = lately.cards.kept, len(lately.cards.promised)
    target = targets_of(source.reader, source.settings.targets).get("on_time_rate")
    rate = kept / n if n else None
    state: State = "plain" if rate is None or target is None else status(rate, target, "up")
    over = between(source.first, source.today - timedelta(days=1))
    return Element(
        label=_("On time"),
        value=rate,
        unit="fraction",
        cards=n,
        query=on(board, f"promised:{over}") if source.days > 1 else "",
        state=state,
        target=target,
        note=_("{kept} of {n} promises that fell due").format(kept=kept, n=n),
    )


def _efficiency(lately: Lately, query: str) -> Element:
    found = lately.cards.worked
    lead = found.lead_based
    note = (
        _("of the whole lead time: {share}").format(share=lately.source.formats.percent(lead))
        if lead is not None
        else ""
    )
    return Element(
        label=_("Flow efficiency"),
        value=found.cycle_based,
        unit="fraction",
        cards=lately.cards.n_done,
        query=query,
        note=note,
    )


def _balance(lately: Lately) -> Element:
    """Little's law over the cards that began and ended in the period: where it is far off, the data are doubtful."""
    source = lately.source
    window, inside = (source.as_of - source.since) / DAY, lately.cards.inside
    spent = lately.cards.inside_cycle / DAY
    found = Little(spent / window, inside / window, spent / inside if inside else None) if window > 0 else None
    standing = lately.cards.average_wip
    expected = found.expected_wip if found else None
    apart = abs(standing - expected) / expected if standing is not None and expected else None
    off = apart is not None and apart > LITTLE_APART
    note = _("n/a without cards that began and ended here")
    if apart is not None:
        note = _("throughput x cycle time says {n}").format(n=source.formats.number(expected or 0, 1))
        note += _("; more than a quarter apart: cards lie unfinished, or were moved late") if off else ""
    return Element(
        label=_("Average in progress"), value=standing, unit="cards", note=note, state="warn" if off else "plain"
    )


def cumulative(lately: Lately) -> Panel:
    """The cumulative flow diagram: cards in each open stage at the end of each day, on top of those done since."""
    source, board = lately.source, lately.board
    places = [stage for stage in board.stages if stage.category in ("queue", "active")]
    elements: list[Element] = []
    last = [step.last for step in steps(source.first, source.today)]
    for day in last:
        n = lately.cards.done_within(source.first, day)
        elements.append(
            Element(
                label=day.isoformat(),
                series=_("Done since"),
                value=n,
                at=day,
                cards=n,
                query=on(board, f"done:{between(source.first, day)}"),
                hollow=day == source.today,
            )
        )
    bands = lately.cards.bands(last)
    for stage in reversed(places):
        elements += [
            Element(
                label=day.isoformat(),
                series=stage.name,
                value=bands[day].get(stage.id, 0),
                at=day,
                cards=bands[day].get(stage.id, 0),
                query=on(board, f"was:{stage.id}@{day}"),
                hollow=day == source.today,
            )
            for day in last
        ]
    return Panel(
        id="flow.cumulative",
        title=_("Cumulative flow"),
        kind="area",
        unit="cards",
        elements=tuple(elements),
        heads=(_("Day"), _("Cards")),
        says=_widening(board, bands, last),
        method=_("Cards in each stage at the end of the day. A card that moved back makes its band fall."),
    )


def _widening(board: Board, bands: dict[date, dict[str, int]], last: Sequence[date]) -> str:
    """The stage whose band has grown the most over the period."""
    if len(last) < 2:  # noqa: PLR2004 - a change needs two days
        return ""
    grown = {
        stage.name: bands[last[-1]].get(stage.id, 0) - bands[last[0]].get(stage.id, 0)
        for stage in board.stages
        if stage.category in ("queue", "active")
    }
    name = max(grown, key=lambda stage: grown[stage], default="")
    if not name or grown[name] <= 0:
        return _("no stage holds more cards than when the period began")
    more = ngettext(
        "{n} card more than when the period began", "{n} cards more than when the period began", grown[name]
    )
    return _("{stage} holds {more}").format(stage=name, more=more.format(n=grown[name]))


def throughput(lately: Lately) -> Panel:
    """Cards done on each day, or in each week; the period that is not over is hollow."""
    source, board = lately.source, lately.board
    done = lately.cards.n_done
    elements = []
    for step in steps(source.first, source.today):
        n = lately.cards.done_within(step.first, step.last)
        elements.append(
            Element(
                label=between(step.first, step.last),
                value=n,
                at=step.first,
                cards=n,
                query=on(board, f"done:{between(step.first, step.last)}"),
                hollow=not step.whole,
            )
        )
    weekly = done / source.days * WEEK
    return Panel(
        id="flow.throughput",
        title=_("Done a day") if source.days <= BY_DAY else _("Done a week"),
        kind="columns",
        unit="cards",
        elements=tuple(elements),
        heads=(_("Days"), _("Cards")),
        says=_("{n} a week on average").format(n=source.formats.number(weekly, 1))
        if done
        else _("nothing was done in this period"),
    )


def cycle_times(lately: Lately) -> Panel:
    """Each card that was done, where its day and its cycle time cross, with the percentiles as lines."""
    elements = lately.cards.points()
    known = [(f"p{share}", days(quantile(lately.cards.cycles.values, share))) for share in (50, 85, 95)]
    p85 = dict(known)["p85"]
    says = _("85 % took {n} days or less").format(n=lately.source.formats.number(p85, 1)) if p85 is not None else ""
    return Panel(
        id="flow.cycle",
        title=_("Cycle time of each card"),
        kind="scatter",
        unit="days",
        elements=elements,
        heads=(_("Card"), _("Days")),
        guides=tuple(Guide(label, value) for label, value in known if value is not None),
        says=says,
        missing="" if elements else _("no card was done in this period"),
    )
