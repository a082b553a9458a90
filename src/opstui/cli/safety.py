"""Verbs that keep a workspace safe: look at its data, copy it, get it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from opstui.cli.session import Session, now, pass_session, say, tell, tell_json
from opstui.i18n import _, ngettext

if TYPE_CHECKING:
    from opstui.store.doctor.examine import Account
    from opstui.store.doctor.finding import Finding

_DAMAGED = 3


@click.command()
@click.option("--rebuild", "anew", is_flag=True, help="Make db.json anew from the whole history first.")
@click.option("--json", "as_json", is_flag=True, help="What was found as one JSON document.")
@pass_session
@click.pass_context
def doctor(context: click.Context, session: Session, *, anew: bool, as_json: bool) -> None:
    """Look at the data: what is wrong with it, what was mended, and what to do. Others may work meanwhile."""
    from opstui.store.doctor import examine, rebuild  # noqa: PLC0415 - a seldom verb

    folder = session.folder
    if anew:
        made = rebuild(folder, say)
        kept = _("; the one before is kept as data/{name}").format(name=made.kept) if made.kept else ""
        say(_("made data/db.json anew from {n} changes{kept}").format(n=made.account.batches, kept=kept))
    report = examine(folder, now(), say)
    if as_json:
        found = [msgspec.to_builtins(finding) for finding in report.findings]
        tell_json(
            {
                "schema": "opstui.doctor/1",
                "sound": report.sound,
                "findings": found,
                "holds": msgspec.to_builtins(report.account),
            }
        )
    else:
        for finding in report.findings:
            tell(_in_words(finding))
        tell(in_words(report.account))
        tell(_("sound") if report.sound else _("not sound: each ERROR says behind -> what to do"))
    context.exit(0 if report.sound else _DAMAGED)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="What it holds as one JSON document.")
@pass_session
def backup(session: Session, folder: Path, *, as_json: bool) -> None:
    """Copy the workspace to a new folder while others go on working, and look the copy through."""
    from opstui.store.doctor import verify  # noqa: PLC0415 - a seldom verb

    session.workspace.store.backup(folder)
    held = verify(folder)
    if as_json:
        tell_json({"schema": "opstui.backup/1", "path": str(folder), "holds": msgspec.to_builtins(held)})
    say(_("backed up to {path} and looked through: {holds}").format(path=folder, holds=in_words(held)))


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
    from opstui.store.restore import restore as carry_out  # noqa: PLC0415 - a seldom verb

    made = carry_out(folder, target, say, newer_from)
    if as_json:
        held = msgspec.to_builtins(made.account)
        tell_json({"schema": "opstui.restore/1", "path": str(target), "newer": made.newer, "holds": held})
    if made.rebuilt:
        say(_("db.json was damaged in the backup, or was not there: it was made anew from the history"))
    if newer_from:
        one, many = "{n} change from beyond the backup came along", "{n} changes from beyond the backup came along"
        say(ngettext(one, many, made.newer))
    say(_("restored to {path}: {holds}").format(path=target, holds=in_words(made.account)))
    say(_("next: opstui -w {path}; when all is there, put it where people look for it").format(path=target))


def in_words(account: Account) -> str:
    """What a workspace holds, on one line."""
    cards = ", ".join(f"{board} {n}" for board, n in account.cards.items())
    parts = [
        ngettext("{n} card", "{n} cards", sum(account.cards.values())) + (f" ({cards})" if cards else ""),
        ngettext("{n} change", "{n} changes", account.batches),
        ngettext("{n} event", "{n} events", account.events),
        _("{size} of history in {segments}").format(
            size=_size(account.bytes), segments=ngettext("{n} file", "{n} files", account.segments)
        ),
    ]
    if account.at is not None:
        last = _("the last change is {n}, of {at}")
        parts.append(last.format(n=account.batches, at=account.at.isoformat(sep=" ", timespec="seconds")))
    return ", ".join(parts)


def _in_words(finding: Finding) -> str:
    names = {"error": _("ERROR"), "warning": _("WARNING"), "mended": _("MENDED"), "note": _("NOTE")}
    line = f"{names[finding.level]} {finding.place}: {finding.says}"
    return f"{line}\n  -> {finding.next}" if finding.next else line


def _size(count: int) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 10_000:  # noqa: PLR2004 - up to four digits read well
            return f"{count} {unit}"
        count //= 1000
    return f"{count} GB"
