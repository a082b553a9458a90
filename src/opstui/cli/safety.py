"""Verbs that keep a workspace safe: look at its data, copy it, get it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from opstui import config
from opstui.cli.progress import Shown
from opstui.cli.session import Session, now, pass_session, say, tell, tell_json
from opstui.i18n import _, ngettext
from opstui.store.protocol import Damaged

if TYPE_CHECKING:
    from datetime import tzinfo

    from opstui.store.salvage import Salvage

_DAMAGED = 3


@click.command()
@click.option("--rebuild", "anew", is_flag=True, help="Make db.json anew from the whole history first.")
@click.option("--json", "as_json", is_flag=True, help="What was found as one JSON document.")
@pass_session
@click.pass_context
def doctor(context: click.Context, session: Session, *, anew: bool, as_json: bool) -> None:
    """Look at the data: what is wrong with it, what was mended, and what to do. Others may work meanwhile."""
    from opstui.store.doctor import examine, rebuild  # noqa: PLC0415 - a seldom verb
    from opstui.store.doctor.words import lines  # noqa: PLC0415

    folder = session.folder
    if anew:
        shown = Shown()
        made = rebuild(folder, shown)
        shown.end()
        kept = _("; the one before is kept as data/{name}").format(name=made.kept) if made.kept else ""
        say(_("made data/db.json anew from {n} changes{kept}").format(n=made.account.batches, kept=kept))
    shown = Shown()
    report = examine(folder, now(), shown)
    shown.end()
    if as_json:
        found = [msgspec.to_builtins(finding) for finding in report.findings]
        tell_json(
            {
                "schema": "opstui.doctor/1",
                "sound": report.sound,
                "findings": found,
                "holds": msgspec.to_builtins(report.account),
                "further": msgspec.to_builtins(report.further),
            }
        )
    else:
        for line in lines(report):
            tell(line)
    context.exit(0 if report.sound else _DAMAGED)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="What it holds as one JSON document.")
@pass_session
def backup(session: Session, folder: Path, *, as_json: bool) -> None:
    """Copy the workspace to a new folder while others go on working, and look the copy through."""
    from opstui.store.backup import back_up, expect_whole  # noqa: PLC0415 - a seldom verb
    from opstui.store.doctor.words import holds  # noqa: PLC0415

    shown = Shown()
    try:
        store = session.workspace.store
    except Damaged:
        expect_whole(session.folder)
        raise
    held = back_up(store, session.folder, folder, shown)
    shown.end()
    if as_json:
        tell_json({"schema": "opstui.backup/1", "path": str(folder), "holds": msgspec.to_builtins(held)})
    words = holds(held, session.workspace.settings.zone)
    say(_("backed up to {path} and looked through: {holds}").format(path=folder, holds=words))
    if not (folder / config.FILE).exists():
        told = _("{path} has no {name}, so neither has the backup: currency, zone and boards are guessed")
        say(told.format(path=session.folder, name=config.FILE))


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("target", metavar="TARGET", type=click.Path(path_type=Path))
@click.option(
    "--newer-from",
    metavar="WORKSPACE",
    type=click.Path(path_type=Path),
    help="Take along what a damaged workspace holds beyond the backup, as far as it is whole.",
)
@click.option("--json", "as_json", is_flag=True, help="What it holds as one JSON document.")
def restore(folder: Path, target: Path, newer_from: Path | None, *, as_json: bool) -> None:
    """Make the workspace TARGET, a new folder, from the backup DIR."""
    from opstui.store.doctor.words import holds  # noqa: PLC0415 - a seldom verb
    from opstui.store.restore import restore as carry_out  # noqa: PLC0415

    shown = Shown()
    made = carry_out(folder, target, shown, newer_from)
    shown.end()
    if as_json:
        held, behind = msgspec.to_builtins(made.account), msgspec.to_builtins(made.salvage)
        told = {"path": str(target), "newer": made.salvage.taken, "lost": behind["lost"], "left": behind["left"]}
        tell_json({"schema": "opstui.restore/1", **told, "holds": held})
    if made.rebuilt:
        say(_("db.json was damaged in the backup, or was not there: it was made anew from the history"))
    if newer_from:
        one, many = "{n} change from beyond the backup came along", "{n} changes from beyond the backup came along"
        say(ngettext(one, many, made.salvage.taken))
        _tell_left(made.salvage, made.zone)
    say(_("restored to {path}: {holds}").format(path=target, holds=holds(made.account, made.zone)))
    say(_("next: opstui -w {path}; when all is there, put it where people look for it").format(path=target))


def _tell_left(salvage: Salvage, zone: tzinfo) -> None:
    """What stayed behind in the damaged workspace, for somebody to enter it again."""
    from opstui.store.doctor.finding import ranges, when  # noqa: PLC0415 - a seldom verb

    if not salvage.lost:
        return
    one, many = (
        _("batch {ranges} is damaged and did not come along"),
        _("batches {ranges} are damaged and did not come"),
    )
    say((one if len(salvage.lost) == 1 else many).format(ranges=ranges(salvage.lost)))
    if salvage.left:
        say(_("behind it these are whole, but do not fit without it; enter again what is missing of them:"))
    for left in salvage.left:
        told = _("  batch {n}, {at}, {by}: {kinds} ({cards})")
        kinds, cards = ", ".join(left.kinds) or _("no event"), ", ".join(left.cards) or _("no card")
        say(told.format(n=left.n, at=when(left.at, zone), by=left.by, kinds=kinds, cards=cards))
