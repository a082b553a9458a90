"""What all post-mortems say together: a table of them, and one file with every lesson.

Both are read by people who never open the console, so they are Markdown of the same care as a post-mortem: personal
data masked, the same bytes for the same state and day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from opstui.domain.model import Doc, clean_line
from opstui.domain.parts import parts_of
from opstui.domain.playbook import entries
from opstui.domain.sections import KINDS
from opstui.domain.state import Reader
from opstui.exports import markdown as md
from opstui.exports.layout import section
from opstui.exports.masking import mask_text
from opstui.exports.page import Page
from opstui.exports.postmortem import facts_of
from opstui.exports.style import style_of
from opstui.i18n import _, ngettext
from opstui.projections.postmortem import CampaignFacts
from opstui.workspace import Workspace

_SHORTEST_NAME = 3
_SEARCHED = ("ref", "text", "check", "applies", "baseline", "evidence", "kind", "keep")


def index(workspace: Workspace, today: date) -> str:
    """A table of all post-mortems, oldest first; what is overdue is so on that day."""
    docs = [doc for _id, doc in workspace.state.items("postmortems")]
    header = [
        _("Id"), _("Subject"), _("Kind"), _("Severity"), _("Status"), _("Verdict"), _("KPIs met"), _("Open actions"),
        _("Overdue"), _("Published"),
    ]  # fmt: skip
    names = _names(workspace.state)
    rows = [_row(workspace, doc, today, names) for doc in sorted(docs, key=lambda doc: str(doc["ref"]))]
    counted = ngettext("{n} post-mortem", "{n} post-mortems", len(rows))
    said = _("{counted}; overdue as of {day}.").format(counted=counted, day=today.isoformat())
    return md.document(f"# {_('Post-mortems')}", md.inline(said), md.table(header, rows, "lllllllrr"))


def _row(workspace: Workspace, doc: Doc, today: date, names: list[str]) -> list[str]:
    facts = facts_of(workspace, doc)
    page = Page(facts, style_of(workspace.settings.locale), "")
    verdict, met = "", ""
    if isinstance(facts, CampaignFacts):
        verdict = _(facts.verdict)
        met = f"{sum(row.result == 'met' for row in facts.targets)}/{len(facts.targets)}" if facts.targets else ""
    late = sum(
        row.status == "open" and row.card is not None and row.card.due is not None and row.card.due < today
        for row in facts.actions
    )
    published = str(doc.get("published", ""))[:10]
    return [
        facts.ref,
        mask_text(page.say(f"{facts.card.ref} {facts.card.title}"), names),
        _(facts.card.kind),
        str(doc.get("severity") or getattr(facts.card.details, "severity", "") or ""),
        _(str(doc["status"])),
        verdict,
        met,
        str(facts.open_actions),
        str(late),
        published,
    ]


def lessons(workspace: Workspace, words: str = "") -> str:
    """All entries of the playbook by kind, and the lessons that are not published; only those with all the words."""
    state, names = workspace.state, _names(workspace.state)
    wanted = clean_line(words).casefold().split()
    known = [doc for _id, doc in entries(state) if _has(doc, wanted)]
    drafts = [doc for doc in _unpublished(state) if _has(doc, wanted)]
    blocks = [
        section(title, *(_entry(doc, names) for doc in docs))
        for title, docs in (
            *((_("Playbook: {kind}").format(kind=_(kind)), [d for d in known if d["kind"] == kind]) for kind in KINDS),
            (_("Not published yet"), drafts),
        )
        if docs
    ]
    about = [_("With the words: {words}.").format(words=mask_text(clean_line(words), names))] if wanted else []
    counted = ngettext("{n} lesson.", "{n} lessons.", len(known) + len(drafts))
    return md.document(f"# {_('What we have learned')}", md.inline(" ".join([counted, *about])), *blocks)


def _unpublished(state: Reader) -> Iterator[Doc]:
    """The lessons of drafts, as an entry would have them."""
    for number, doc in state.items("postmortems"):
        kind = (state.get("cards", doc["card"]) or {}).get("kind", "")
        for _id, part in parts_of(state, number, "lesson"):
            if not part.get("entry"):
                yield {**part, "kind": kind, "evidence": doc["ref"]}


def _has(doc: Doc, wanted: list[str]) -> bool:
    text = " ".join(
        " ".join(value) if isinstance(value, list) else str(value) for name in _SEARCHED if (value := doc.get(name))
    ).casefold()
    return all(word in text for word in wanted)


def _entry(doc: Doc, names: list[str]) -> str:
    """A lesson as a heading and a list of what is known of it."""
    ref, text = doc.get("ref", ""), mask_text(str(doc["text"]), names)
    told = (
        (_("Lesson: {value}"), text),
        (_("Keep, change, stop, test: {value}"), str(doc.get("keep") or "")),
        (_("Check before launch: {value}"), mask_text(str(doc.get("check") or ""), names)),
        (_("Applies to: {value}"), mask_text(", ".join(doc.get("applies") or ()), names) or _("all")),
        (_("Baseline: {value}"), mask_text(str(doc.get("baseline") or ""), names)),
        (_("Evidence: {value}"), str(doc.get("evidence") or "")),
        (_("Edition: {value}"), str(doc.get("edition") or "")),
        (_("Valid until: {value}"), str(doc.get("until") or "")),
    )
    title = md.heading(f"{ref} {text}")
    return f"### {title}\n\n{md.bullets(said.format(value=value) for said, value in told if value)}"


def _names(state: Reader) -> list[str]:
    """The customers of cards that have a post-mortem and of those that they are linked to, longest first."""
    cards = [state.get("cards", doc["card"]) or {} for _id, doc in state.items("postmortems")]
    linked = [state.get("cards", link["card"]) or {} for card in cards for link in card.get("links") or ()]
    found = {str(card.get("customer") or "") for card in (*cards, *linked)}
    return sorted((name for name in found if len(name) >= _SHORTEST_NAME), key=lambda name: (-len(name), name))
