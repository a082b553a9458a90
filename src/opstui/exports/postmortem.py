"""Post-mortems as Markdown files: valid, lint-clean, byte for byte the same for the same history and moment.

Writing one is recorded beside the files and not in the history, so exporting changes nothing it tells about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from opstui.domain.model import Doc
from opstui.exports import campaign, feedback, general, order
from opstui.exports import markdown as md
from opstui.exports.audience import Audience, people_of, public, without_people
from opstui.exports.files import SIDECAR, Written, export_name, write_export, write_to
from opstui.exports.layout import Layout, document, sections, suggested
from opstui.exports.page import Page
from opstui.exports.story import MOST_ROWS, timeline_table
from opstui.exports.style import Style, style_of
from opstui.i18n import _
from opstui.projections.incident_case import Case, case_of
from opstui.projections.incident_feedback import FeedbackFacts, feedback_facts
from opstui.projections.incident_orders import OrderFacts, order_facts
from opstui.projections.postmortem import CampaignFacts, GeneralFacts, postmortem_facts
from opstui.workspace import Workspace

People = Mapping[str, str] | None
INCIDENTS: dict[str, Callable[[Case], GeneralFacts]] = {"order": order_facts, "feedback": feedback_facts}
"""Kind of card -> how the facts of its incident are made."""


def render_postmortem(
    facts: CampaignFacts | GeneralFacts, style: Style, *, diagrams: bool = True, people: People = None
) -> str:
    """The document: front matter, facts, and questions where people have yet to write. `people` as in `Page`."""
    page, layout = laid_out(facts, style, diagrams=diagrams, people=people)
    text = document(page, layout)
    return text if people is None else without_people(text, people)


def render_sections(facts: CampaignFacts | GeneralFacts, style: Style) -> dict[str, str]:
    """Section -> its Markdown as the document has it, heading included, in order."""
    page, layout = laid_out(facts, style)
    return sections(page, layout)


def suggestion(facts: CampaignFacts | GeneralFacts, style: Style, name: str) -> str:
    """What the facts say where people may confirm or change it, as plain text; "" for any other section."""
    page, layout = laid_out(facts, style)
    return suggested(page, layout, name)


def laid_out(
    facts: CampaignFacts | GeneralFacts, style: Style, *, diagrams: bool = True, people: People = None
) -> tuple[Page, Layout]:
    """The page that says the values of these facts, and the layout of their kind."""
    page = Page(facts, style, getattr(facts, "currency", ""), diagrams=diagrams, people=people)
    match facts:
        case CampaignFacts():
            return page, campaign.layout(page, facts)
        case OrderFacts():
            return page, order.layout(page, facts)
        case FeedbackFacts():
            return page, feedback.layout(page, facts)
    return page, general.layout(page, facts)


def render_appendix(facts: CampaignFacts | GeneralFacts, style: Style, people: People = None) -> str:
    """Every row of a timeline that is too long for the document itself; empty when it is not."""
    if len(facts.timeline) <= MOST_ROWS:
        return ""
    page = Page(facts, style, "", people=people)
    title = _("Timeline of {id}").format(id=md.heading(facts.ref or facts.card.ref))
    text = md.document(f"# {title}", timeline_table(page, facts.timeline))
    return text if people is None else without_people(text, people)


def facts_of(workspace: Workspace, postmortem: Doc, as_of: datetime | None = None) -> CampaignFacts | GeneralFacts:
    """The facts of a post-mortem of this workspace."""
    state, settings, card = workspace.state, workspace.settings, postmortem["card"]
    tell = INCIDENTS.get(str((state.get("cards", card) or {}).get("kind")))
    if tell is None:
        return postmortem_facts(state, workspace.events_of, card, settings, as_of)
    return tell(case_of(state, workspace.events_of, workspace.histories, card, settings, as_of))


def _for(workspace: Workspace, postmortem: Doc, audience: Audience) -> tuple[CampaignFacts | GeneralFacts, People]:
    """The facts as those may know them for whom the document is, and what they read instead of names."""
    facts = facts_of(workspace, postmortem)
    if audience == "internal":
        return facts, None
    people = people_of(facts, workspace.state)
    return public(facts, people), people


def render_of(workspace: Workspace, postmortem: Doc, audience: Audience = "internal", *, diagrams: bool = True) -> str:
    """The Markdown of a post-mortem of this workspace."""
    facts, people = _for(workspace, postmortem, audience)
    return render_postmortem(facts, style_of(workspace.settings.locale), diagrams=diagrams, people=people)


def export_postmortem(
    workspace: Workspace,
    postmortem: Doc,
    target: Path | None = None,
    audience: Audience = "internal",
    *,
    diagrams: bool = True,
) -> Written:
    """Write a post-mortem to `target`, or into the workspace's exports folder under its own name.

    The name starts with the day it was drafted, so writing it again finds the same file; that for readers outside ends
    in -public. A timeline that is too long goes to a file beside it.

    Raises:
        Refused: the file cannot be written; the text says why.

    """
    style, (facts, people) = style_of(workspace.settings.locale), _for(workspace, postmortem, audience)
    text = render_postmortem(facts, style, diagrams=diagrams, people=people)
    appendix = render_appendix(facts, style, people)
    folder = workspace.path / "exports"
    if target is not None:
        written = write_to(target, text, record=folder / SIDECAR)
        if appendix:
            write_to(target.with_name(f"{target.stem}-timeline{target.suffix}"), appendix, record=folder / SIDECAR)
        return written
    day = (facts.drafted_at or facts.as_of).astimezone(facts.zone).date()
    title = Page(facts, style, "", people=people).say(facts.card.title)
    stem = Path(export_name(day, facts.card.kind, facts.ref or facts.card.ref, title)).stem
    stem += "-public" if audience == "public" else ""
    if appendix:
        write_export(folder, f"{stem}-timeline.md", appendix)
    return write_export(folder, f"{stem}.md", text)
