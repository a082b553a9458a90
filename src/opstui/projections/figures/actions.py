"""From a number to a card that somebody does: the title says what to do, the description why."""

from __future__ import annotations

from opstui.domain.model import TITLE_LIMIT, clean_line
from opstui.i18n import _
from opstui.projections.panels import Element, Page, Panel


def action_for(page: Page, panel: Panel, element: Element, told: str) -> dict[str, str]:
    """The fields an action card about a number begins with. `told` is the number as it is read on the screen."""
    about = clean_line(f"{panel.title}: {element.label}")
    title = clean_line(panel.next_step) if panel.next_step else about
    period = _("{first} to {last}").format(first=page.period[0], last=page.period[1]) if page.period else ""
    where = " · ".join(part for part in (page.title, page.subject, period) if part)
    lines = [told, panel.says, where]
    if element.query:
        lines.append(_("Its cards: {query}").format(query=element.query))
    return {"title": title[:TITLE_LIMIT], "description": "\n".join(line for line in lines if line), "type": "process"}
