"""Verbs that make a workspace."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from opstui import config
from opstui.cli.session import Session, at_console, login, now, opened, pass_session, say, tell
from opstui.domain.model import Refused, clean_line
from opstui.i18n import _
from opstui.workspace import create_workspace


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What people call it (else the folder's name).")
@click.option("--currency", default="IDR", help="ISO 4217 code.")
@click.option("--timezone", default="Asia/Jakarta", help="IANA name.")
@click.option("--locale", default="en", help="How numbers, money and dates are written: en or id.")
@pass_session
def init(session: Session, folder: Path, name: str, currency: str, timezone: str, locale: str) -> None:
    """Make a workspace; you become its owner."""
    values = {"name": clean_line(name), "currency": currency.upper(), "timezone": timezone, "locale": locale}
    try:
        config.written(**values)
    except config.Malformed as wrong:
        raise click.UsageError(str(wrong)) from None
    made = create_workspace(folder, now, owner=login(), **values)
    session.adopt(made)
    say(_("made {path}; {login} is its owner").format(path=folder, login=login()))
    say(
        _('next: opstui -w {path} card add orders "First order", or opstui -w {path} import --list').format(path=folder)
    )


@click.command()
@click.option(
    "--keep", type=click.Path(path_type=Path), metavar="DIR", help="Keep the demo's workspace in this new folder."
)
@pass_session
def demo(session: Session, keep: Path | None) -> None:
    """Open the console on a sample shop; without a terminal, print its boards, KPIs and a post-mortem."""
    from opstui.demo import build_demo, demo_report  # noqa: PLC0415 - reads the sample, only here

    if keep is not None and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise Refused(_("{path} is not an empty folder; choose a new one").format(path=keep))
    with tempfile.TemporaryDirectory(prefix="opstui-demo-") as scratch:
        workspace = build_demo(keep or Path(scratch) / "kopi", now=now, owner=login())
        session.adopt(workspace)
        try:
            if at_console():
                from opstui.ui.app import run_console  # noqa: PLC0415

                if keep is not None:
                    opened(workspace)
                sys.exit(run_console(workspace, workspace.member(login())))
            tell(demo_report(workspace))
        finally:
            session.close()
