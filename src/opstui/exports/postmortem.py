"""Post-mortems as Markdown files: valid, lint-clean, byte for byte the same for the same history and moment.

Writing one is recorded beside the files and not in the history, so exporting changes nothing it tells about.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from opstui.domain.model import Doc
from opstui.exports import campaign, general
from opstui.exports import markdown as md
from opstui.exports.audience import Audience, people_of, public
from opstui.exports.files import SIDECAR, Written, export_name, write_export, write_to
from opstui.exports.page import MOST_ROWS, Page, timeline_table
from opstui.exports.style import Style, style_of
from opstui.i18n import _
from opstui.projections.postmortem import CampaignFacts, GeneralFacts, postmortem_facts
from opstui.workspace import Workspace

People = Mapping[str, str] | None


def render_postmortem(
    facts: CampaignFacts | GeneralFacts, style: Style, *, diagrams: bool = True, people: People = None
) -> str:
    """The document: front matter, facts, and questions where people have yet to write. `people` as in `Page`."""
    if isinstance(facts, CampaignFacts):
        return campaign.render(Page(facts, style, facts.currency, diagrams=diagrams, people=people), facts)
    currency = getattr(facts.card.details, "currency", "")
    return general.render(Page(facts, style, currency, diagrams=diagrams, people=people), facts)


def render_appendix(facts: CampaignFacts | GeneralFacts, style: Style, people: People = None) -> str:
    """Every row of a timeline that is too long for the document itself; empty when it is not."""
    if len(facts.timeline) <= MOST_ROWS:
        return ""
    page = Page(facts, style, "", people=people)
    title = _("Timeline of {id}").format(id=md.inline(facts.ref or facts.card.ref))
    return md.document(f"# {title}", timeline_table(page, facts.timeline))


def facts_of(workspace: Workspace, postmortem: Doc, as_of: datetime | None = None) -> CampaignFacts | GeneralFacts:
    """The facts of a post-mortem of this workspace."""
    return postmortem_facts(workspace.state, workspace.events_of, postmortem["card"], workspace.settings, as_of)


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
