"""Verbs that tell a card's story better than its stages do: what happened when, and what of it matters."""

from __future__ import annotations

import click

from opstui.cli.session import Session, now, pass_session, say
from opstui.domain.commands import MarkCard, StarEvent
from opstui.domain.model import Refused
from opstui.domain.sections import MARKS
from opstui.i18n import _
from opstui.typed import typed_time


@click.command(epilog=_("Marks: {known}.").format(known=", ".join(MARKS)))
@click.argument("ref", metavar="ID")
@click.argument("mark", metavar="MARK")
@click.option("--at", default="", metavar="TIME", help="When: now, or 2026-09-07 14:00 in the workspace's zone.")
@click.option("--note", default="", metavar="TEXT", help="A word about it.")
@pass_session
def mark(session: Session, ref: str, mark: str, at: str, note: str) -> None:
    """Say that something happened on a card; the clocks of an incident are made of these."""
    try:
        when = typed_time(at, session.workspace.settings.zone, now()) or ""
    except ValueError as wrong:
        raise Refused(f"--at: {wrong}") from None
    card = session.workspace.find(ref)
    if session.submit(MarkCard(card=card, mark=mark, at=when, note=note)).batch is None:
        say(_("that is marked already"))


@click.command()
@click.argument("ref", metavar="ID")
@click.argument("change", metavar="EV-N")
@click.option("--off", is_flag=True, help="Take the star away.")
@pass_session
def star(session: Session, ref: str, change: str, *, off: bool) -> None:
    """Say that a change belongs into the card's story; its number stands in the timeline of a post-mortem."""
    number = change.upper().removeprefix("EV-")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):  # noqa: PLR2004 - what a number may hold
        raise click.UsageError(_("the number of a change reads EV-12, as in `opstui postmortem show`"))
    card = session.workspace.find(ref)
    if session.submit(StarEvent(card=card, batch=int(number), on=not off)).batch is None:
        say(_("nothing to change"))
