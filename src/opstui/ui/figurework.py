"""The form of daily figures: what a day of a campaign cost and brought, typed by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from opstui.domain.commands import RecordFigures
from opstui.domain.figures import COUNTS, MONEY, channels_of, rows_of
from opstui.domain.model import Doc, clean_line
from opstui.i18n import _
from opstui.typed import Here, typed_day, typed_figure
from opstui.ui.offers import Offer, Source, among
from opstui.ui.rows import Row
from opstui.ui.session import Plan
from opstui.ui.sources import found_cards

if TYPE_CHECKING:
    from opstui.domain.state import Reader
    from opstui.ui.screens.board import BoardScreen

LABELS = {
    "spend": _("Spend"),
    "revenue": _("Revenue"),
    "impressions": _("Impressions"),
    "clicks": _("Clicks"),
    "conversions": _("Conversions"),
    "leads": _("Leads"),
    "reach": _("Reach"),
}
assert {*LABELS} == {*MONEY, *COUNTS}


async def add(screen: BoardScreen, card: int | None = None) -> None:
    """Figures of a day, of that campaign or of one that is chosen."""
    from opstui.ui.screens.form import Form  # noqa: PLC0415 - not needed for the first picture

    state = screen.session.workspace.state
    doc = _campaign(state, card)

    async def save(values: dict[str, Any]) -> str:
        campaign = state.get("cards", values["campaign"]) or {}
        code = values.get("currency") or screen.verbs.here(campaign).currency
        given = {name: text for name in LABELS if (text := values.get(name))}
        try:
            read = {name: typed_figure(name, text, code) for name, text in given.items()}
        except ValueError as wrong:
            return str(wrong)
        command = RecordFigures(
            card=campaign["id"], day=str(values["day"]), channel=values["channel"], currency=code, figures=read
        )
        return await screen.verbs.attempt(lambda: Plan((command,), _said(state, command)), campaign["id"])

    note = _("what is left empty stays as it was; what is known of that day and channel is replaced")
    await screen.ask(Form(_("Daily figures"), _rows(screen, doc), save, note))


def _campaign(state: Reader, card: int | None) -> Doc:
    """That card where it is a campaign, else the only campaign there is, else none yet."""
    doc = state.get("cards", card) if card is not None else None
    found = [doc] if doc is not None and doc["kind"] == "campaign" else _campaigns(state)
    return found[0] if len(found) == 1 else {}


def _campaigns(state: Reader) -> list[Doc]:
    return [doc for _id, doc in state.items("cards") if doc["kind"] == "campaign" and not doc.get("archived")]


def _rows(screen: BoardScreen, doc: Doc) -> list[Row]:
    state, here = screen.session.workspace.state, screen.verbs.here(doc)
    known = channels_of(doc, state) if doc else []
    channel = Row(
        name="channel",
        label=_("Channel"),
        text=known[0] if len(known) == 1 else "",
        required=True,
        read=clean_line,
        source=Source(among(known)),
    )
    figures = (_figure(name, here.currency) for name in LABELS)
    currency = Row(name="currency", label=_("Currency"), section=_("More"), text=here.currency, read=_code)
    return [_which(state, doc), _when(here, first=bool(doc)), channel, *figures, currency]


def _which(state: Reader, doc: Doc) -> Row:
    """The campaign, by its number or by words of its title."""

    def campaign(text: str) -> int:
        found = state.get("cards", state.find_ref(clean_line(text).upper()) or 0)
        if found is None or found["kind"] != "campaign":
            raise ValueError(_("no campaign has this number"))
        return int(found["id"])

    return Row(
        name="campaign",
        label=_("Campaign"),
        text=str(doc.get("ref", "")),
        required=True,
        read=campaign,
        echo=lambda text: str((state.get("cards", campaign(text)) or {}).get("title"))[:60],
        source=Source(lambda word: _offers(state, word), closed=True, slow=True),
    )


def _when(here: Here, *, first: bool) -> Row:
    def day(text: str) -> date:
        return typed_day(text, here.today) or here.today

    return Row(
        name="day",
        label=_("Day"),
        shape="date",
        text=_("today"),
        required=True,
        first=first,
        read=day,
        echo=lambda text: here.day(day(text)),
        hint=_("yesterday, mon, 2026-05-12"),
    )


def _code(text: str) -> str:
    return clean_line(text).upper()


def _figure(name: str, currency: str) -> Row:
    """What is typed stays a text until it is known of which currency it is."""

    def read(text: str) -> str:
        typed_figure(name, text, currency)
        return clean_line(text)

    return Row(name=name, label=LABELS[name], shape="money" if name in MONEY else "number", read=read)


def _offers(state: Reader, word: str) -> list[Offer]:
    refs = {offer.text for offer in found_cards(state, word, 0)}
    docs = [doc for doc in _campaigns(state) if not word or doc["ref"] in refs]
    return [Offer(str(doc["ref"]), about=str(doc["title"])) for doc in docs]


def _said(state: Reader, command: RecordFigures) -> str:
    """The words for it, which tell whether figures of that day stood there before."""
    key = command.card, command.day, command.channel.casefold(), command.currency
    stood = any((row["card"], row["day"], row["channel"].casefold(), row["currency"]) == key for row in rows_of(state))
    said = _("figures of {ref}, {day}, {channel} replaced") if stood else _("figures of {ref}, {day}, {channel}")
    ref = (state.get("cards", command.card) or {}).get("ref", "")
    return said.format(ref=ref, day=command.day, channel=command.channel)
