"""How post-mortems say a value: local times, numbers in a style, personal data masked; and their front matter's end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from opstui.domain.identity import PERSONAL
from opstui.domain.model import Experiment, Field, Line, Target, Touch, plain
from opstui.exports import markdown as md
from opstui.exports.audience import without_names
from opstui.exports.masking import mask_text, masked
from opstui.exports.style import Style
from opstui.i18n import _
from opstui.projections.postmortem import Facts
from opstui.typed import experiment_text, touch_text

_SHORTEST_NAME = 3


@dataclass(frozen=True)
class Page:
    """Facts on their way to Markdown: local times, numbers in a style, personal data masked."""

    facts: Facts
    style: Style
    currency: str
    diagrams: bool = field(default=True, kw_only=True)
    people: Mapping[str, str] | None = field(default=None, kw_only=True)
    """For readers outside: what is said instead of whose name (see `audience`); None for those inside."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Customers who may be named somewhere in the texts."""
        cards = (self.facts.card, *(link.card for link in self.facts.links))
        found = {getattr(card.details, "customer", "") for card in cards}
        found |= {row.customer for row in self.facts.earlier} | {row.customer for row in self.facts.waiting}
        return tuple(sorted((n for n in found if len(n) >= _SHORTEST_NAME), key=lambda n: (-len(n), n)))

    @cached_property
    def zone(self) -> str:
        """The zone's abbreviation: WIB."""
        return self.facts.as_of.astimezone(self.facts.zone).tzname() or str(self.facts.zone)

    def say(self, text: str) -> str:
        """Text from people, masked."""
        if self.people is None:
            return mask_text(text, self.names)
        return without_names(mask_text(text), self.people)

    def tags(self) -> list[str]:
        """The card's tags, masked: people write names and numbers into them, too."""
        return list(map(self.say, self.facts.card.tags))

    def when(self, at: datetime | None) -> str:
        """A moment in the workspace zone: 2026-09-14 10:00."""
        return f"{self.local(at):%Y-%m-%d %H:%M}" if at else _("n/a")

    def day(self, at: datetime | date | None) -> str:
        """A day, of a moment the day in the workspace zone."""
        if at is None:
            return _("n/a")
        return (self.local(at).date() if isinstance(at, datetime) else at).isoformat()

    def local(self, at: datetime) -> datetime:
        """A moment in the workspace zone."""
        return at.astimezone(self.facts.zone)

    def iso(self, at: datetime | None) -> str | None:
        """A moment with its offset, for front matter."""
        return self.local(at).replace(microsecond=0).isoformat() if at else None

    def value(self, about: Field, value: Any) -> str:
        """A field's value; typed or as a document holds it."""
        if not value:
            return ""
        match about.shape:
            case "money":
                return self.style.money(value, self.currency)
            case "tags":
                return self.say(", ".join(value))
            case "list":
                return self.say("; ".join(self._item(item) for item in value))
            case "time":
                return self.when(value)
            case "bool":
                return _("yes")
            case "date":
                return str(value)
            case _shape:
                return masked(about.name, str(value)) if about.name in PERSONAL else self.say(str(value))

    def _item(self, item: Any) -> str:
        match item:
            case Line():
                return _("{n} of {name}").format(n=item.quantity, name=item.name)
            case Experiment():
                return experiment_text(plain(item))
            case Touch():
                return touch_text(plain(item))
            case Target():
                return f"{item.metric} {self._exact(item.target)}"
            case {"metric": metric, "target": target}:
                return f"{metric} {self._exact(target)}"
            case _other:
                return str(_other)

    def _exact(self, value: float) -> str:
        """A number with the decimals that it has, six at most."""
        decimals = f"{value:f}".rstrip("0").partition(".")[2]
        return self.style.number(value, len(decimals))


def origin(page: Page) -> dict[str, Any]:
    """The end of the front matter: what is left to do, and what the document was made from."""
    facts = page.facts
    return {
        "actions_total": len(facts.actions),
        "actions_open": facts.open_actions,
        "tags": page.tags(),
        "as_of": page.iso(facts.as_of),
        "event_seq_last": facts.seq_last,
        "source_digest": facts.digest,
        "pii": "masked",
    }


def draft_note(page: Page) -> str:
    """What kind of text this is."""
    facts = page.facts
    text = _("Facts are computed from events up to {at} {zone}. Parts marked written are by people.").format(
        at=page.when(facts.as_of), zone=page.zone
    )
    skipped = _("Skipped: {why}. ").format(why=page.say(facts.reason)) if facts.status == "skipped" else ""
    return md.quote(f"{_('Draft. ') if facts.status == 'draft' else skipped}{text}")
