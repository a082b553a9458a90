"""What was planned against what came: the budget over its days, and the targets of the brief."""

from __future__ import annotations

from collections.abc import Iterable

from opstui.domain.model import Campaign, Money, card_from, exponent
from opstui.i18n import _, ngettext
from opstui.metrics.marketing import LOWER_IS_BETTER, MONEY
from opstui.projections.anomaly import unit_of
from opstui.projections.campaign import row_totals, spend_of, target_rows, value_of
from opstui.projections.figures.campaigns.chosen import Chosen, name_of
from opstui.projections.figures.queries import named
from opstui.projections.panels import Element, Panel, Value
from opstui.projections.tiles import State


def pacing(chosen: Chosen) -> Panel:
    """Spend of each campaign with a plan against an even spread of its budget over its days."""
    reader, today = chosen.source.reader, chosen.source.today
    elements = []
    for number in chosen.cards:
        doc = reader.get("cards", number) or {}
        card = card_from(doc)
        rows = [row for row in chosen.rows if row["card"] == number and row["day"] <= today.isoformat()]
        pace = spend_of(card.details, rows, chosen.currency).pacing if isinstance(card.details, Campaign) else None
        if pace is None or pace.pace is None:
            continue
        state: State = "good" if pace.band == "on_track" else "bad" if pace.band == "over" else "warn"
        needed = Money(round(pace.needed_per_day), chosen.currency) if pace.needed_per_day else None
        elements.append(
            Element(
                label=f"{doc['ref']} {doc['title']}",
                value=pace.pace,
                unit="fraction",
                target=1.0,
                cards=1,
                query=named(reader, chosen.board, [number]),
                state=state,
                note=_("day {n} of {all}; at this pace {sum} in the end").format(
                    n=pace.elapsed_days, all=pace.total_days, sum=chosen.money(pace.projected)
                ),
                rest=(Money(round(pace.expected), chosen.currency), needed),
            )
        )
    off = [element for element in elements if element.state != "good"]
    return Panel(
        id="campaigns.pacing",
        title=_("Spend against the plan"),
        kind="bars",
        unit="fraction",
        elements=tuple(elements),
        heads=(_("Campaign"), _("Of the plan"), _("Planned by now"), _("Needed a day")),
        units=(chosen.currency, chosen.currency),
        state="warn" if off else "plain",
        says=ngettext("{n} campaign is off its plan", "{n} campaigns are off their plans", len(off)).format(n=len(off))
        if off
        else "",
        next_step=_("change its daily budget, or its plan") if off else "",
        method=_("100 %: as much as an even spread of the budget by now. Below 85 % or above 115 % is off."),
        missing="" if elements else _("no campaign here has a budget, its days and figures"),
    )


def targets(chosen: Chosen) -> Iterable[Panel]:
    """What the brief promised against what came, where the page is about one campaign."""
    if chosen.single is None:
        return
    doc = chosen.source.reader.get("cards", chosen.single) or {}
    card = card_from(doc)
    if not isinstance(card.details, Campaign):
        return
    query = named(chosen.source.reader, chosen.board, [chosen.single])
    rows = target_rows(card.details.targets, chosen.rows, chosen.currency)
    sums = row_totals(chosen.rows)
    states: dict[str, State] = {"met": "good", "missed": "bad", "n/a": "plain"}
    elements = tuple(
        Element(
            label=name_of(row.metric),
            value=_major(chosen, row.metric, value_of(row.metric, sums, chosen.rows, chosen.currency)),
            unit=unit_of(row.metric, chosen.currency),
            cards=1,
            query=query,
            state=states[row.result],
            rest=(
                _major(chosen, row.metric, row.target),
                _major(chosen, row.metric, row.baseline),
                _("at most") if row.metric in LOWER_IS_BETTER else _("at least"),
            ),
        )
        for row in rows
    )
    missed = sum(row.result == "missed" for row in rows)
    yield Panel(
        id="campaigns.targets",
        title=_("What the brief promised"),
        kind="table",
        unit="",
        elements=elements,
        heads=(_("KPI"), _("Now"), _("Target"), _("Before"), ""),
        units=("", "", ""),
        state="bad" if missed else "plain",
        says=ngettext("{n} target is missed so far", "{n} targets are missed so far", missed).format(n=missed)
        if missed
        else "",
        method=_("Over the whole run, not only these days."),
        missing="" if elements else _("its brief has no targets; e on the card adds them"),
    )


def _major(chosen: Chosen, metric: str, value: float | None) -> Value:
    """A value in major units as it is shown."""
    if value is None or metric not in MONEY:
        return value
    return Money(round(value * 10 ** exponent(chosen.currency)), chosen.currency)
