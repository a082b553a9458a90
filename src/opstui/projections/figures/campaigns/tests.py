"""What the experiments of campaigns may say by now."""

from __future__ import annotations

from collections.abc import Iterable

from opstui.domain.model import Campaign, Card, card_from
from opstui.i18n import _
from opstui.projections.experiments import ArmRow, Result, result, trial_of
from opstui.projections.figures.campaigns.chosen import Chosen
from opstui.projections.figures.queries import named
from opstui.projections.panels import Element, Panel


def tests(chosen: Chosen) -> Iterable[Panel]:
    """What the experiments of these campaigns may say by now."""
    formats = chosen.source.formats
    results: list[tuple[int, Card, str, Result]] = []
    for number in chosen.cards:
        card = card_from(chosen.source.reader.get("cards", number) or {})
        if isinstance(card.details, Campaign):
            query = named(chosen.source.reader, chosen.board, [number])
            results += [
                (place, card, query, result(trial_of(one), chosen.source.today, formats))
                for place, one in enumerate(card.details.experiments, 1)
            ]
    for place, card, query, found in results:
        elements = tuple(
            Element(
                label=row.label,
                value=row.rate,
                cards=1,
                query=query,
                state=found.state if row.p is not None else "plain",
                note=_interval(row, chosen),
                rest=(row.hits, row.people, row.p),
            )
            for row in found.rows
        )
        yield Panel(
            id=f"campaigns.test.{card.id}.{place}",
            title=_title(found),
            kind="table",
            unit="fraction",
            elements=elements,
            heads=(_("Arm"), _("Share"), _("Did it"), _("People"), "p"),
            units=("pieces", "pieces", ""),
            state=found.state,
            says=found.says,
            next_step=found.next_step,
            method=_(
                "Until the planned people and whole weeks are in, no share is told: looking finds what is not there."
            ),
        )


def _title(found: Result) -> str:
    if found.metric:
        return _("Test {name} ({metric}): {title}").format(name=found.name, metric=found.metric, title=found.title)
    return _("Test {name}: {title}").format(name=found.name, title=found.title)


def _interval(row: ArmRow, chosen: Chosen) -> str:
    if row.low is None or row.high is None:
        return ""
    formats = chosen.source.formats
    return _("{low} to {high} against the first, 95 % sure").format(
        low=formats.change(row.low, 1), high=formats.change(row.high, 1)
    )
