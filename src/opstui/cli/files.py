"""Verbs that take files in and give files out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import click

from opstui.cli import briefing, ticking
from opstui.cli.cards import board_of, here
from opstui.cli.numbers import period
from opstui.cli.progress import Shown
from opstui.cli.session import Session, now, pass_session, say, tell, tell_json
from opstui.domain.commands import ImportCard, ImportStock
from opstui.domain.policy import check_export
from opstui.i18n import _
from opstui.imports.interface import Context
from opstui.imports.load import carry_out, count_new
from opstui.imports.registry import FORMATS, format_named
from opstui.imports.report import render_report, report_record, where_to_look
from opstui.progress import silent
from opstui.projections.kpis import DEFAULT_DAYS
from opstui.workspace import Receipt


@click.command("import")
@click.option("--list", "listing", is_flag=True, help="Say which formats there are.")
@click.option("--dry-run", is_flag=True, help="Read and report, change nothing.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON document.")
@click.argument("format_id", metavar="FORMAT", required=False)
@click.argument("paths", metavar="PATH...", nargs=-1, type=click.Path(path_type=Path))
@pass_session
def import_verb(
    session: Session, format_id: str | None, paths: tuple[Path, ...], *, listing: bool, dry_run: bool, as_json: bool
) -> None:
    """Take in an export of another system; again, and nothing changes."""
    if listing:
        for known in FORMATS.values():
            tell(f"{known.id:14} {known.title}: {known.reads}")
        tell(f"{ticking.FORMAT:14} {ticking.TITLE}")
        return
    if not format_id or not paths:
        raise click.UsageError(_("say which format and which file: opstui import FORMAT PATH..., or --list"))
    if format_id == ticking.FORMAT:
        ticking.take_in(session, paths, dry_run=dry_run, as_json=as_json)
        return
    form, workspace = format_named(format_id), session.workspace
    settings = workspace.settings
    context = Context(zone=settings.zone, currency=settings.currency, now=now(), boards=settings.boards)
    progress = Progress()

    def submit(commands: list[ImportCard | ImportStock]) -> Receipt:
        progress.begun = True
        return workspace.submit(session.actor, *commands, via="import")

    try:
        reading = form.read(paths, context)
        outcome = count_new(reading, workspace.state) if dry_run else carry_out(submit, reading, progress)
    except KeyboardInterrupt:
        say(progress.interrupted())
        raise
    if as_json:
        tell_json(report_record(reading.report, outcome, dry_run=dry_run))
    say(render_report(reading.report, outcome, dry_run=dry_run))
    first = context.now.astimezone(settings.zone).date() - timedelta(days=DEFAULT_DAYS - 1)
    if not dry_run and (hint := where_to_look(reading, settings.zone, first)):
        say(hint)


class Progress:
    """How far an import is: said on a terminal while it runs, and to whom interrupts it."""

    def __init__(self) -> None:
        """Nothing was submitted yet."""
        self.begun = False
        self.done = 0
        self._shown = Shown(_("{done} of {total} "))

    def __call__(self, done: int, total: int) -> None:
        """So many records of so many are kept."""
        self.done = done
        self._shown(done, total)

    def interrupted(self) -> str:
        """What was kept, and what to do. The chunk that was being written may be there as well."""
        if not self.begun:
            return _("Interrupted while reading: nothing was changed.")
        return _(
            "Interrupted: {done} records are here, perhaps some more. "
            "Run it again to take in the rest; what is here already is not added twice."
        ).format(done=self.done)


@click.command()
@click.argument("what", type=click.Choice(["cards", "events", "kpi", *briefing.WORDS]))
@click.argument("board_id", metavar="[BOARD|ID]", required=False)
@click.option("--csv", "form", flag_value="csv", default=True, help="Comma separated (default).")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.option("--md", "form", flag_value="md", help="Markdown: the only form of a board, a status, a recap.")
@click.option("--day", metavar="D", help="Of a recap: which day; by default today.")
@click.option("--from", "since", metavar="D", help="Of figures: the first day; by default 30 days back.")
@click.option("--to", "until", metavar="D", help="Of figures: the day after the last; by default tomorrow.")
@click.option(
    "-o", "target", metavar="FILE", type=click.Path(path_type=Path), help="Write to a file instead of stdout."
)
@pass_session
def export(
    session: Session,
    what: str,
    board_id: str | None,
    form: str,
    day: str | None,
    since: str | None,
    until: str | None,
    target: Path | None,
) -> None:
    """Give out cards, events or figures, of one board or of all: to whoever has any right there.

    As Markdown for people without opstui: a board as it stands, the status of a campaign, the recap of a day.

    Figures as CSV are those of each day, one value a row; as JSON those of the whole period.
    """
    if what in briefing.WORDS:
        briefing.give(session, what, board_id, day, target)
        return
    if form == "md":
        raise click.UsageError(_("--md is for board, status and recap; {what} are CSV or JSON").format(what=what))
    from opstui.exports import tabular  # noqa: PLC0415 - only this verb needs it
    from opstui.exports.figures import figures  # noqa: PLC0415
    from opstui.exports.files import write_pieces  # noqa: PLC0415

    workspace = session.workspace
    board = board_of(workspace, board_id) if board_id else None
    for given in [board] if board else workspace.settings.boards:
        check_export(session.actor, given.kind)
    ids = [i for i, doc in workspace.state.items("cards") if board is None or doc["board"] == board.id]
    pieces: Iterable[str]
    shown = Shown() if target else silent
    if what == "cards":
        pieces = tabular.cards(ids, workspace.state, workspace.settings, form, shown)
    elif what == "events":
        pieces = tabular.events(workspace.history(), set(ids), workspace.state, form, every=board is None)
    else:
        pieces = [figures(workspace, board, form, *period(since, until, here(workspace).today))]
    if target is None:
        click.echo("".join(pieces), nl=False)
    else:
        write_pieces(session.may_write(target), pieces)
        say(_("wrote {path}").format(path=target))
