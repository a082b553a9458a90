"""What happened on a card: marks, which clocks are made of, and stars, which choose what belongs into its story."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from opstui.domain import commands as c
from opstui.domain.model import clean_line, utc
from opstui.domain.sections import MARKS
from opstui.formats import Formats
from opstui.i18n import _
from opstui.projections.timeline import TimelineRow, card_events, timeline
from opstui.typed.moments import typed_moment
from opstui.ui.attempts import Attempts
from opstui.ui.offers import Offer, Source
from opstui.ui.rows import Row
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.screen import Screen

SAID = {
    "started": _("it began"),
    "detected": _("somebody noticed"),
    "acknowledged": _("somebody took it on"),
    "mitigated": _("customers felt no more of it"),
    "resolved": _("it was put right"),
    "launch": _("it went live"),
    "rollback": _("it was taken back, or the fallback was used"),
    "anomaly": _("a number was odd"),
    "approval": _("it was approved"),
    "escalation": _("someone above was told"),
    "decision": _("something was decided"),
    "message": _("customers or colleagues were told"),
    "change": _("something else was changed"),
    "trigger": _("what set it off"),
}
"""Mark -> what it means, for people."""


class Telling(Attempts):
    """Tells by forms and lists."""

    async def ask(self, screen: Screen[Any]) -> Any:
        """Show a dialog and wait for its answer."""
        return await self._host.ask(screen)

    async def happened(self, card: int) -> None:
        """Say that something happened, when, and a word about it."""
        settings = self._workspace.settings
        read = partial(typed_moment, zone=settings.zone, now=self._workspace.now())
        written = Formats(settings.locale, settings.currency, settings.zone)

        def echo(text: str) -> str:
            at = read(text)
            return written.moment(utc(at), self.here({}).today) if at else _("now")

        rows = [
            Row(
                name="mark",
                label=_("What"),
                required=True,
                read=_mark,
                source=Source(_marks, closed=True),
                echo=lambda text: SAID.get(text, ""),
                hint=_("detected, resolved, decision ..."),
            ),
            Row(name="at", label=_("When"), read=read, echo=echo, hint=_("08:47, yesterday 22:10; empty: now")),
            Row(name="note", label=_("Note"), read=clean_line, hint=_("who or what, in a few words")),
        ]
        ref = self._doc(card)["ref"]

        async def save(values: dict[str, Any]) -> str:
            asked = c.MarkCard(card=card, mark=values["mark"], at=values.get("at") or "", note=values.get("note") or "")
            said = _("{ref}: {mark}").format(ref=ref, mark=values["mark"])
            return await self.attempt(lambda: Plan((asked,), said), card)

        await self._form(_("What happened on {ref}?").format(ref=ref), rows, save, f"happened-{card}")

    async def stars(self, card: int) -> None:
        """The timeline of a card, to choose what belongs into its story."""
        from opstui.ui.screens.stars import StarsScreen  # noqa: PLC0415 - not needed for the first picture

        settings = self._workspace.settings
        formats = Formats(settings.locale, settings.currency, settings.zone)
        await self._host.ask(StarsScreen(StarDeeds(self, card), formats, self.here({}).today))

    # ------------------------------------------------------------------ what the list of stars needs

    def ref_of(self, card: int) -> str:
        """The card's number."""
        return str(self._doc(card)["ref"])

    def starred(self, card: int) -> frozenset[int]:
        """The batches that belong into its story."""
        return frozenset((self._workspace.state.get("cards", card) or {}).get("stars") or ())

    async def timeline_of(self, card: int) -> Sequence[TimelineRow]:
        """What happened to it, newest first; read in a thread."""
        return await asyncio.get_running_loop().run_in_executor(None, self._read_timeline, card)

    def _read_timeline(self, card: int) -> Sequence[TimelineRow]:
        state = self._workspace.state

        def comment(number: int) -> str | None:
            doc = state.get("comments", number)
            return None if doc is None or doc.get("withdrawn") else str(doc["text"])

        return timeline(
            card_events(self._workspace.events_of({card}), card),
            self._board(self._doc(card)),
            comments=comment,
            refs=lambda other: (state.get("cards", other) or {}).get("ref", "?"),
            undone=False,
            newest_first=True,
        )

    async def star(self, card: int, batch: int, *, on: bool) -> str:
        """What a batch did belongs into the story, or does not after all."""
        said = _("belongs into the story of {ref}") if on else _("no longer in the story of {ref}")
        asked = c.StarEvent(card=card, batch=batch, on=on)
        return await self.attempt(lambda: Plan((asked,), said.format(ref=self.ref_of(card))), card)


def _marks(word: str) -> list[Offer]:
    """The marks that begin so, else those whose meaning has the word."""
    word = clean_line(word).casefold()
    found = [mark for mark in MARKS if mark.startswith(word)] or [m for m in MARKS if word in SAID[m].casefold()]
    return [Offer(mark, about=SAID[mark]) for mark in found]


def _mark(text: str) -> str:
    mark = clean_line(text).casefold()
    if mark not in MARKS:
        raise ValueError(_("one of {known}").format(known=", ".join(MARKS)))
    return mark


class StarDeeds:
    """The stars of one card."""

    def __init__(self, telling: Telling, card: int) -> None:
        """Of that card."""
        self._telling, self._card = telling, card
        self.ref = telling.ref_of(card)

    def starred(self) -> frozenset[int]:
        """The batches that have one."""
        return self._telling.starred(self._card)

    async def read(self) -> Sequence[TimelineRow]:
        """The timeline."""
        return await self._telling.timeline_of(self._card)

    async def toggle(self, batch: int) -> str:
        """Put a star there, or take it away; gives what was done, or why not."""
        on = batch not in self.starred()
        reason = await self._telling.star(self._card, batch, on=on)
        return reason or (_("it belongs into the story") if on else _("no longer in the story"))
