"""A post-mortem put together: the sections of its kind in the order of `domain.sections`, with their titles.

A kind brings front matter, bodies of its own sections and sentences made from facts; what all kinds have is here. A
body without content is `n/a`, a question nobody has answered is asked, and a sentence nobody has confirmed says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opstui.domain.sections import Section, sections_of
from opstui.exports import markdown as md
from opstui.exports import story, taught
from opstui.exports.page import Page, draft_note
from opstui.i18n import _

Body = Callable[[Page], Sequence[str]]
"""A section's blocks of Markdown, without its heading."""
Sentences = Callable[[Page], Iterable[str]]
"""Sentences made from facts, not yet Markdown."""

SHARED: Mapping[str, Body] = {
    "stages": story.stages,
    "timeline": story.timeline,
    "factors": taught.factors,
    "recurrence": taught.recurrence,
    "lessons": taught.lessons,
    "actions": taught.actions,
    "links": story.links,
    "comments": story.comments,
    "deeds": story.deeds,
    "quality": story.quality,
    "review": taught.review,
}


INSIDE = ("comments", "deeds")
"""Sections that readers outside do not get."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What one kind of post-mortem has of its own. `heading` is the whole H1, already Markdown."""

    heading: str
    keys: Mapping[str, Any]
    bodies: Mapping[str, Body]
    sentences: Mapping[str, Sentences]
    lead: str = ""
    """A section of its own that stands before the others."""


def document(page: Page, layout: Layout) -> str:
    """The whole file."""
    blocks = sections(page, layout).values()
    return md.document(md.front_matter(layout.keys), f"# {layout.heading}", draft_note(page), layout.lead, *blocks)


def sections(page: Page, layout: Layout) -> dict[str, str]:
    """Section -> its Markdown with its heading, in order. A section of facts that nobody brings is left out."""
    found = {}
    inside = () if page.people is None else INSIDE
    for one in sections_of(page.facts.card.kind):
        if one.id in inside:
            continue
        blocks = _blocks(page, one, layout)
        if blocks is not None:
            found[one.id] = section(_(one.title), *blocks)
    return found


def suggested(page: Page, layout: Layout, name: str) -> str:
    """What a section made from facts says before anyone changes it: plain text, to be confirmed; "" for any other."""
    make = layout.sentences.get(name)
    return " ".join(make(page)) if make else ""


def section(title: str, *blocks: str) -> str:
    """A heading of our own words and what stands below; nothing is `n/a`."""
    return md.document(f"## {md.heading(title)}", *(blocks if any(blocks) else (_("n/a"),))).rstrip("\n")


def _blocks(page: Page, one: Section, layout: Layout) -> Sequence[str] | None:
    body = layout.bodies.get(one.id) or SHARED.get(one.id)
    if body is not None:
        return body(page)
    match one.how:
        case "facts":
            return None
        case "confirm":
            return _confirmed(page, one, layout)
        case "write":
            return taught.answer(page, one)


def _confirmed(page: Page, one: Section, layout: Layout) -> Sequence[str]:
    """What people wrote; else what the facts say, marked as such until someone confirmed it; else the question."""
    said = suggested(page, layout, one.id)
    if page.facts.written.get(one.id) or not said:
        return taught.answer(page, one)
    return [md.inline(said if one.id in page.facts.sure else _("From facts: {text}").format(text=said))]
