"""A Markdown text that a verb gives out: to stdout, or to a file; one that was edited by hand is never written over."""

from __future__ import annotations

from pathlib import Path

import click

from opstui.cli.session import Session, say, tell
from opstui.domain.policy import check_export
from opstui.i18n import _


def give_out(session: Session, text: str, target: Path | None, kinds: tuple[str, ...] = ()) -> None:
    """Print it, or write it and print where it is now. `kinds` are those of the cards in it; by default all.

    Raises:
        Refused: the caller has no right on cards of those kinds, or the file cannot be written.
    """
    from opstui.exports.files import SIDECAR, write_to  # noqa: PLC0415 - only for files

    for kind in kinds or sorted({board.kind for board in session.workspace.settings.boards}):
        check_export(session.actor, kind)
    if target is None:
        click.echo(text, nl=False)
        return
    written = write_to(session.may_write(target), text, record=session.workspace.path / "exports" / SIDECAR)
    if written.kept is not None:
        say(_("{path} was edited by hand and stays as it is").format(path=written.kept))
    if not written.changed:
        say(_("unchanged"))
    tell(str(written.path))
