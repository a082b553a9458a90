"""What customers said of a campaign in its post-mortem: before, while it ran and after, with what the counts are of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from opstui.domain.model import Feedback
from opstui.exports import markdown as md
from opstui.exports.page import Page
from opstui.i18n import _
from opstui.projections.around import Around
from opstui.projections.campaign import Voice
from opstui.projections.postmortem import CampaignFacts

_THEMES = 5


def reaction(page: Page, facts: CampaignFacts) -> Sequence[str]:
    """Complaints per 100 orders of the shop, linked feedback with its scores, and what it was about."""
    rows = [*_shop(page, facts), *_linked(page, facts)]
    if not rows:
        return []
    return [
        md.table([_("Measure"), _("Before"), _("During"), _("After")], rows, "lrrr"),
        md.inline(_about(page, facts)),
    ]


def base(facts: CampaignFacts) -> Sequence[Around]:
    """Before, during and after as the shop saw them; nothing when it sold nothing to set complaints against."""
    periods = facts.around or ()
    return periods if any(one.orders for one in periods) else ()


def _shop(page: Page, facts: CampaignFacts) -> Iterator[list[str]]:
    periods = base(facts)
    if not periods:
        return
    number = page.style.number
    yield [_("Complaints per 100 orders"), *(number(one.per_hundred, 1) for one in periods)]
    text = _("{complaints} of {orders}")
    counts = [text.format(complaints=number(one.complaints), orders=number(one.orders)) for one in periods]
    yield [_("Complaints and orders of the shop"), *counts]


def _linked(page: Page, facts: CampaignFacts) -> Iterator[list[str]]:
    if facts.reaction is None:
        return

    def csat(voice: Voice) -> str:
        return _("{share} ({n})").format(share=page.style.percent(voice.satisfied, 0), n=len(voice.scores))

    def spread(voice: Voice) -> str:
        return ", ".join(f"{score}: {voice.scores.count(score)}" for score in sorted(set(voice.scores)))

    yield [_("Linked feedback"), *(str(voice.items) for voice in facts.reaction)]
    yield [_("Complaints among it"), *(str(voice.complaints) for voice in facts.reaction)]
    yield [_("CSAT (n)"), *map(csat, facts.reaction)]
    yield [_("Answers by score"), *map(spread, facts.reaction)]


def _about(page: Page, facts: CampaignFacts) -> str:
    """The themes of linked complaints, the most frequent first."""
    told = (row.card.details for row in facts.links if isinstance(row.card.details, Feedback))
    counts = Counter(page.say(one.theme) for one in told if one.sort == "complaint" and one.theme)
    most = sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:_THEMES]
    themes = ", ".join(_("{theme} ({n})").format(theme=theme, n=n) for theme, n in most)
    return _("What linked complaints were about: {themes}.").format(themes=themes) if themes else ""
