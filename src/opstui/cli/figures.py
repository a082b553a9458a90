"""The verbs of daily figures: what a day of a campaign cost and brought, typed by hand, and what is known of it."""

from __future__ import annotations

from typing import Any

import click

from opstui.cli.cards import here
from opstui.cli.session import Session, pass_session, say, tell, tell_json
from opstui.domain.commands import RecordFigures
from opstui.domain.figures import COUNTS, MONEY, rows_of
from opstui.domain.model import Doc, Money, Refused
from opstui.exports.columns import columns
from opstui.formats import Formats
from opstui.i18n import _
from opstui.typed import figure, typed_day, typed_figure


@click.group()
def figures() -> None:
    """What campaigns cost and brought, day by day."""


@figures.command()
@click.argument("ref", metavar="ID")
@click.option("--day", default="today", help="Which day: yesterday, 2026-09-19; by default today.")
@click.option("--channel", required=True, help="Where: shopee, meta, whatsapp ...")
@click.option("--currency", default="", help="Of the money; by default that of the campaign.")
@click.option("--spend", help="What it cost.")
@click.option("--revenue", help="What it brought.")
@click.option("--impressions", help="How often it was shown.")
@click.option("--clicks", help="How often it was clicked.")
@click.option("--conversions", help="How many bought.")
@click.option("--leads", help="How many left their name.")
@click.option("--reach", help="How many people saw it.")
@pass_session
def add(session: Session, ref: str, day: str, channel: str, currency: str, **given: str | None) -> None:
    """Write down figures of a day. Typed again for the same day and channel they stand in the place of the old ones."""
    workspace = session.workspace
    card = workspace.find(ref)
    doc = workspace.state.get("cards", card) or {}
    code = currency.upper() or doc.get("currency") or workspace.settings.currency
    read = {name: _read(name, text, code) for name, text in given.items() if text is not None}
    try:
        known = typed_day(day, here(workspace).today)
    except ValueError as wrong:
        raise click.UsageError(f"--day: {wrong}") from None
    command = RecordFigures(card=card, day=str(known or ""), channel=channel, currency=code, figures=read)
    receipt = session.submit(command)
    if not receipt.events:
        say(_("{ref}: that is what stands there already").format(ref=doc["ref"]))
        return
    told = receipt.events[0].data
    replaced = _("{ref}: figures of {day}, {channel} replaced; `opstui card undo` brings the old ones back")
    kept = _("{ref}: figures of {day}, {channel} kept")
    say((replaced if told.get("replaced") else kept).format(ref=doc["ref"], day=told["from"], channel=told["channel"]))


def _read(name: str, text: str, currency: str) -> float:
    try:
        return typed_figure(name, text, currency)
    except ValueError as wrong:
        raise click.UsageError(f"--{name}: {wrong}") from None


@figures.command("list")
@click.argument("ref", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_session
def list_figures(session: Session, ref: str, *, as_json: bool) -> None:
    """Say what is known of each day of a campaign."""
    workspace = session.workspace
    card = workspace.find(ref)
    rows = sorted((row for row in rows_of(workspace.state) if row["card"] == card), key=_order)
    if as_json:
        tell_json({"schema": "opstui.figures/1", "figures": [_record(row) for row in rows]})
        return
    if not rows:
        raise Refused(_("{ref} has no daily figures; `opstui figures add` writes some down").format(ref=ref.upper()))
    names = [name for name in (*MONEY, *COUNTS) if any(row.get(name) for row in rows)]
    head = [_("Day"), _("Channel"), *(_(name) for name in names)]
    settings = workspace.settings
    formats = Formats(settings.locale, settings.currency, settings.zone)
    cells = [[row["day"], row["channel"], *(_cell(name, row, formats) for name in names)] for row in rows]
    tell("\n".join(columns([head, *cells], "ll" + "r" * len(names), flexible=1)))


def _order(row: Doc) -> tuple[str, str, str]:
    return row["day"], row["channel"], row["currency"]


def _record(row: Doc) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "card"}


def _cell(name: str, row: Doc, formats: Formats) -> str:
    if name not in row:
        return ""
    return formats.money(Money(row[name], row["currency"])) if name in MONEY else figure(row[name])
