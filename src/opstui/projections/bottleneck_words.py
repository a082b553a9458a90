"""The slowest stage in words: what speaks for it, and what to do next. The pane and the page about flow say the same.

The next step comes from the stage's SOP where it has one; the evidence says what to look at in it. Without an SOP the
evidence alone decides, the sign that is quickest to act on first.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from opstui.formats import Formats
from opstui.i18n import _, ngettext
from opstui.metrics.bottleneck import ENOUGH_CARDS, Sign

_SIGNS: tuple[tuple[Sign, str, str], ...] = (
    (
        "blocked",
        _("blocked a quarter of the time"),
        _("unblock its cards: see what each waits for, and whom to call"),
    ),
    (
        "at_limit",
        _("at its limit half the time"),
        _("finish cards there before new ones are begun"),
    ),
    (
        "growing",
        _("more come in than go out"),
        _("put a second pair of hands there, or let fewer cards in"),
    ),
    (
        "slow",
        _("they stay twice as long as expected"),
        _("ask those who do it which step takes the time, and cut that one"),
    ),
)
"""What speaks for a bottleneck, how that is told, and what helps; what can be done today first."""


class Told(Struct, frozen=True):
    """The parts of what is said: `evidence` behind the share, and `next_step`. `sentence` is all but the step."""

    label: str
    share: str
    cards: str
    signs: tuple[str, ...]
    next_step: str
    sentence: str

    @property
    def evidence(self) -> str:
        """How many cards stand behind the share, and what speaks for a bottleneck."""
        return "; ".join((self.cards, *self.signs))


def told(name: str, share: float, cards: int, signs: Collection[Sign], sop: str, formats: Formats) -> Told:
    """A stage that took the largest share of the time, and the `cards` that were in it meanwhile."""
    proven = cards >= ENOUGH_CARDS and bool(signs)
    part = _("{share} of the time").format(share=formats.percent(share))
    counted = ngettext("{n} card", "{n} cards", cards)
    known = tuple(said for sign, said, _step in _SIGNS if sign in signs)
    if proven:
        sentence = _("{stage} is the bottleneck: {share}, {cards}; {signs}")
    else:
        sentence = _("{stage} is the slowest stage, not proven a bottleneck: {share}, {cards}")
    return Told(
        label=_("Bottleneck") if proven else _("Slowest"),
        share=part,
        cards=counted,
        signs=known if proven else (),
        next_step=next_step(cards, signs, sop),
        sentence=sentence.format(stage=name, share=part, cards=counted, signs="; ".join(known)),
    )


def next_step(cards: int, signs: Collection[Sign], sop: str) -> str:
    """What to do about the slowest stage."""
    remedy = next((step for sign, _said, step in _SIGNS if sign in signs), "")
    if sop:
        proven = remedy and cards >= ENOUGH_CARDS
        told = _("go by its SOP {sop}: {step}") if proven else _("go by its SOP {sop}")
        return told.format(sop=sop, step=remedy)
    if cards < ENOUGH_CARDS:
        return _("change nothing yet: with {n} cards it is sure").format(n=ENOUGH_CARDS)
    return remedy or _("watch it: its cards are not blocked, not too slow, not piling up")
