"""Post-mortems as Markdown files: valid, lint-clean, byte for byte the same for the same history and moment.

Writing one is recorded beside the files and not in the history, so exporting changes nothing it tells about.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from opstui.domain.model import Doc
from opstui.exports import campaign, general
from opstui.exports import markdown as md
from opstui.exports.files import SIDECAR, Written, export_name, write_export, write_to
from opstui.exports.page import MOST_ROWS, Page, timeline_table
from opstui.exports.style import Style, style_of
from opstui.i18n import _
from opstui.projections.postmortem import CampaignFacts, GeneralFacts, postmortem_facts
from opstui.workspace import Workspace


def render_postmortem(facts: CampaignFacts | GeneralFacts, style: Style, *, diagrams: bool = True) -> str:
    """The document: front matter, facts, and questions where people have yet to write."""
    if isinstance(facts, CampaignFacts):
        return campaign.render(Page(facts, style, facts.currency, diagrams=diagrams), facts)
    currency = getattr(facts.card.details, "currency", "")
    return general.render(Page(facts, style, currency, diagrams=diagrams), facts)


def render_appendix(facts: CampaignFacts | GeneralFacts, style: Style) -> str:
    """Every row of a timeline that is too long for the document itself; empty when it is not."""
    if len(facts.timeline) <= MOST_ROWS:
        return ""
    page = Page(facts, style, "")
    title = _("Timeline of {id}").format(id=md.heading(facts.ref or facts.card.ref))
    return md.document(f"# {title}", timeline_table(page, facts.timeline))


def facts_of(workspace: Workspace, postmortem: Doc, as_of: datetime | None = None) -> CampaignFacts | GeneralFacts:
    """The facts of a post-mortem of this workspace."""
    return postmortem_facts(workspace.state, workspace.events_of, postmortem["card"], workspace.settings, as_of)


def render_of(workspace: Workspace, postmortem: Doc) -> str:
    """The Markdown of a post-mortem of this workspace."""
    return render_postmortem(facts_of(workspace, postmortem), style_of(workspace.settings.locale))


def export_postmortem(workspace: Workspace, postmortem: Doc, target: Path | None = None) -> Written:
    """Write a post-mortem to `target`, or into the workspace's exports folder under its own name.

    The name starts with the day it was drafted, so writing it again finds the same file. A timeline that is too long
    goes to a file beside it.

    Raises:
        Refused: the file cannot be written; the text says why.

    """
    facts, style = facts_of(workspace, postmortem), style_of(workspace.settings.locale)
    text, appendix = render_postmortem(facts, style), render_appendix(facts, style)
    folder = workspace.path / "exports"
    if target is not None:
        written = write_to(target, text, record=folder / SIDECAR)
        if appendix:
            write_to(target.with_name(f"{target.stem}-timeline{target.suffix}"), appendix, record=folder / SIDECAR)
        return written
    day = (facts.drafted_at or facts.as_of).astimezone(facts.zone).date()
    title = Page(facts, style, "").say(facts.card.title)
    name = export_name(day, facts.card.kind, facts.ref or facts.card.ref, title)
    if appendix:
        write_export(folder, f"{Path(name).stem}-timeline.md", appendix)
    return write_export(folder, name, text)
