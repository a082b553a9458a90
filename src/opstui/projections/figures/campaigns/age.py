"""How old the daily figures are: what is made of old ones says so, judges nothing and gives no advice (spec C.6)."""

from __future__ import annotations

from msgspec.structs import replace

from opstui.i18n import _
from opstui.projections.figures.campaigns.chosen import LIVE, Chosen
from opstui.projections.freshness import behind, since_words
from opstui.projections.panels import Panel

OF_EVENTS = ("campaigns.credit",)
"""Panels made of orders, which are always current."""
OF_NOW = ("campaigns.pacing", "campaigns.targets")
"""Panels that say how it stands now: with old figures that is not known."""


def lateness(chosen: Chosen) -> str:
    """How old the newest daily figures are, when a campaign that is live should have had newer ones."""
    today = chosen.source.today
    live = set(chosen.source.reader.lane(chosen.board.id, LIVE)).intersection(chosen.cards)
    last = behind((row for row in chosen.rows if row["card"] in live), today)
    return since_words(last, today) if last else ""


def aged(panel: Panel, late: str) -> Panel:
    """The panel, made of figures that are as late as that; "" where they are fresh."""
    if not late or panel.id in OF_EVENTS:
        return panel
    elements = panel.elements
    if panel.id in OF_NOW:
        elements = tuple(replace(element, state="plain") for element in elements)
    step = _("take in newer figures before you act on these") if panel.next_step else ""
    return replace(panel, stale=late, state="plain", next_step=step, elements=elements)
