"""What `opstui export board`, `status` and `recap` give out: Markdown for people without the console."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from opstui.cli.cards import board_of, here
from opstui.cli.giving import give_out
from opstui.cli.session import Session, now
from opstui.exports import briefing
from opstui.i18n import _
from opstui.typed import typed_day

WORDS = ("board", "status", "recap")


def give(session: Session, what: str, about: str | None, day: str | None, target: Path | None) -> None:
    """Give out one of them. `about` is the board or the campaign, `day` the day of a recap; by default today."""
    workspace = session.workspace
    if what == "recap":
        if about:
            raise click.UsageError(_("a recap is about all boards; its day is said with --day"))
        give_out(session, briefing.recap(workspace, _day(session, day)), target)
        return
    if not about:
        raise click.UsageError(_("say which: opstui export board BOARD, opstui export status CMP-0001"))
    if what == "board":
        known = board_of(workspace, about)
        give_out(session, briefing.board(workspace, known, now()), target, (known.kind,))
    else:
        give_out(session, briefing.status(workspace, workspace.find(about)), target, ("campaign",))


def _day(session: Session, text: str | None) -> date:
    today = here(session.workspace).today
    try:
        return typed_day(text or "", today) or today
    except ValueError as wrong:
        raise click.UsageError(f"--day: {wrong}") from None
