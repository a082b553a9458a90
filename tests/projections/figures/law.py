"""The law of every page: a number is the count of the cards that Enter opens."""

from __future__ import annotations

from datetime import datetime

from opstui.domain.model import Refused
from opstui.formats import today_in
from opstui.projections.filter import FilterContext, parse
from opstui.projections.panels import Page
from opstui.workspace import Workspace


def found(workspace: Workspace, query: str, at: datetime) -> int:
    """How many cards a query finds, over all boards and the archive: what Find shows."""
    settings = workspace.settings
    context = FilterContext(
        today=today_in(at, settings.zone),
        zone=settings.zone,
        boards=settings.boards,
        was=workspace.was,
        bought=workspace.bought,
        counted=workspace.counted,
        now=at,
    )
    keep = parse(query, context)
    assert keep.rest is not None
    assert not keep.words, query
    return sum(bool(keep.rest(doc)) for _card, doc in workspace.state.items("cards"))


def broken(page: Page, workspace: Workspace, at: datetime) -> list[str]:
    """The elements whose number is not what Enter opens."""
    wrong, counts = [], dict[str, int]()
    for panel, element in page.elements():
        place = f"{panel.id} {element.series} {element.label} {element.at}: {element.cards}"
        if not element.query:
            if element.cards:
                wrong.append(f"{place}, and no query")
            continue
        if not element.query.startswith("board:"):
            wrong.append(f"{place}: {element.query!r} is of no board")
        try:
            if element.query not in counts:
                counts[element.query] = found(workspace, element.query, at)
        except Refused as no:
            wrong.append(f"{place}: {element.query!r}: {no}")
            continue
        if counts[element.query] != element.cards:
            wrong.append(f"{place}: {element.query!r} finds {counts[element.query]}")
    return wrong
