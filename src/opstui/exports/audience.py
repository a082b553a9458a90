"""A post-mortem for people outside: roles instead of names, nothing that was said inside, no trace of a customer.

The facts are changed before any layout sees them, so that no layout can forget it; free text is changed where it is
said (`Page.say`), since only there it is known to be text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from msgspec.structs import replace

from opstui.domain.identity import PERSONAL
from opstui.domain.model import Card
from opstui.domain.state import Reader
from opstui.exports import markdown as md
from opstui.i18n import _
from opstui.projections.postmortem import CampaignFacts, GeneralFacts

Audience = Literal["internal", "public"]
AUDIENCES: tuple[Audience, ...] = ("internal", "public")
_SHORTEST_NAME = 2
_INSIDE = "comment"
"""The mark of timeline rows that repeat what was said on the card."""

Facts = CampaignFacts | GeneralFacts


def people_of(facts: Facts, state: Reader) -> dict[str, str]:
    """Everyone who may be named in a document -> what is said instead, casefolded names."""
    roles = {str(doc["name"]): _role(str(doc.get("role", ""))) for _id, doc in state.items("members")}
    cards = (facts.card, *(row.card for row in facts.links), *(row.card for row in facts.actions if row.card))
    customers = {str(getattr(card.details, name, "") or "") for card in cards for name in PERSONAL}
    others = {
        *facts.contributors,
        facts.drafted_by,
        *(row.by for row in facts.timeline),
        *(row.by for row in facts.comments),
        *(row.by for row in facts.deeds),
        *(card.owner for card in cards),
        *(str(getattr(card.details, "sponsor", "") or "") for card in cards),
    }
    found = dict.fromkeys(customers, _("a customer")) | dict.fromkeys(others, _("someone")) | roles
    return {name.casefold(): said for name, said in found.items() if len(name) >= _SHORTEST_NAME}


def _role(role: str) -> str:
    return _(role.replace("_", " ")) if role else _("someone")


def without_names(text: str, people: Mapping[str, str]) -> str:
    """Free text with roles where people were named; longer names first, whole words only."""
    for name in sorted(people, key=lambda name: (-len(name), name)):
        said = people[name].replace("\\", r"\\")
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", said, text, flags=re.IGNORECASE)
    return text


def without_people(text: str, people: Mapping[str, str]) -> str:
    """A whole document with roles where people are named, whichever layout named them; front matter keeps its keys.

    The last net under `public` and `Page.say`: a section that someone adds later cannot forget a name.
    """
    head, mark, body = text.partition("\n---\n") if text.startswith("---\n") else ("", "", text)
    written = {md.inline(name).casefold(): said for name, said in people.items()} | dict(people)
    pairs = (line.partition(": ") for line in head.splitlines())
    ours = ("schema", "kind", "id", "status", "visibility", "timezone", "source_digest", "pii")
    kept = [f"{key}{sep}{value if key in ours else without_names(value, written)}" for key, sep, value in pairs]
    return "\n".join(kept) + mark + without_names(body, written)


def public(facts: Facts, people: Mapping[str, str]) -> Facts:
    """The facts as people outside may know them."""

    def said(name: str) -> str:
        return people.get(name.casefold(), _("someone")) if name else ""

    changed: dict[str, Any] = {
        "card": _card(facts.card, people),
        "drafted_by": said(facts.drafted_by),
        "contributors": tuple(sorted({said(name) for name in facts.contributors})),
        "timeline": tuple(replace(row, by=said(row.by)) for row in facts.timeline if row.mark != _INSIDE),
        "actions": tuple(replace(row, card=_card(row.card, people) if row.card else None) for row in facts.actions),
        "links": tuple(replace(row, card=_card(row.card, people)) for row in facts.links),
        "comments": (),
        "deeds": (),
    }
    if isinstance(facts, CampaignFacts):
        changed["details"] = changed["card"].details
    return replace(facts, **changed)


def _card(card: Card, people: Mapping[str, str]) -> Card:
    """A card without people: roles for owner and sponsor, nothing of the customer."""

    def said(name: str) -> str:
        return people.get(name.casefold(), _("someone")) if name else ""

    hidden: dict[str, Any] = {name: "" for name in PERSONAL if hasattr(card.details, name)}
    if sponsor := getattr(card.details, "sponsor", ""):
        hidden["sponsor"] = said(sponsor)
    return replace(card, owner=said(card.owner), details=replace(card.details, **hidden))
