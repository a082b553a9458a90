"""Verbs that keep a workspace safe: look at its data, copy it, get it back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from opstui import config
from opstui.cli.session import Session, now, pass_session, say, tell, tell_json
from opstui.i18n import _, ngettext
from opstui.store.protocol import Damaged, StoreError

if TYPE_CHECKING:
    from datetime import tzinfo

    from opstui.store.doctor.examine import Account, Held
    from opstui.store.doctor.finding import Finding
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
                "further": msgspec.to_builtins(report.further),
            }
        )
    else:
        for finding in report.findings:
            tell(_in_words(finding))
        tell(in_words(report.account, report.zone))
        if report.further is not None:
            tell(_further(report.further))
        tell(_("sound") if report.sound else _("not sound: each ERROR says behind -> what to do"))
    context.exit(0 if report.sound else _DAMAGED)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="What it holds as one JSON document.")
@pass_session
def backup(session: Session, folder: Path, *, as_json: bool) -> None:
    """Copy the workspace to a new folder while others go on working, and look the copy through."""
    held = _made(session, folder)
    if as_json:
        tell_json({"schema": "opstui.backup/1", "path": str(folder), "holds": msgspec.to_builtins(held)})
    words = in_words(held, session.workspace.settings.zone)
    say(_("backed up to {path} and looked through: {holds}").format(path=folder, holds=words))
    if not (folder / config.FILE).exists():
        told = _("{path} has no {name}, so neither has the backup: currency, zone and boards are guessed")
        say(told.format(path=session.folder, name=config.FILE))


def _made(session: Session, copy: Path) -> Account:
    """Make the copy, look it through, and say what it holds; one that is no good goes again.

    Raises:
        StoreError: there is none; the text says so if the workspace itself is damaged.
    """
    from opstui.store.backup import expect_whole  # noqa: PLC0415 - a seldom verb
    from opstui.store.doctor import verify  # noqa: PLC0415 - a seldom verb

    try:
        session.workspace.store.backup(copy)
    except Damaged:
        expect_whole(session.folder)
        raise
    try:
        return verify(copy)
    except StoreError:
        shutil.rmtree(copy)
        expect_whole(session.folder)
        raise


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
        held, behind = msgspec.to_builtins(made.account), msgspec.to_builtins(made.salvage)
        told = {"path": str(target), "newer": made.salvage.taken, "lost": behind["lost"], "left": behind["left"]}
        tell_json({"schema": "opstui.restore/1", **told, "holds": held})
    if made.rebuilt:
        say(_("db.json was damaged in the backup, or was not there: it was made anew from the history"))
    if newer_from:
        one, many = "{n} change from beyond the backup came along", "{n} changes from beyond the backup came along"
        say(ngettext(one, many, made.salvage.taken))
        _tell_left(made.salvage, made.zone)
    say(_("restored to {path}: {holds}").format(path=target, holds=in_words(made.account, made.zone)))
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


def _further(held: Held) -> str:
    cards = ngettext("{n} card", "{n} cards", held.cards)
    return _("that is as far as the history is good; db.json holds the state up to batch {n}: {cards}").format(
        n=held.seq, cards=cards
    )


def in_words(account: Account, zone: tzinfo) -> str:
    """What a workspace holds, on one line, with times of that zone."""
    from opstui.store.doctor.finding import when  # noqa: PLC0415 - a seldom verb

    cards = ", ".join(f"{board} {n}" for board, n in account.cards.items())
    parts = [
        ngettext("{n} card", "{n} cards", sum(account.cards.values())) + (f" ({cards})" if cards else ""),
        ngettext("{n} change", "{n} changes", account.batches),
        ngettext("{n} event", "{n} events", account.events),
        *(f"{name} {n}" for name, n in account.others.items()),
        _("{size} of history in {segments}").format(
            size=_size(account.bytes), segments=ngettext("{n} file", "{n} files", account.segments)
        ),
    ]
    if account.at is not None:
        last = _("the last change is {n}, of {at}")
        parts.append(last.format(n=account.batches, at=when(account.at, zone)))
    return ", ".join(parts)


def _in_words(finding: Finding) -> str:
    names = {"error": _("ERROR"), "warning": _("WARNING"), "mended": _("MENDED"), "note": _("NOTE")}
    line = f"{names[finding.level]} {finding.place}: {finding.says}"
    return f"{line}\n  -> {finding.next}" if finding.next else line


def _size(count: int) -> str:
    if count == 1:
        return _("1 byte")
    for unit in ("bytes", "kB", "MB"):
        if count < 10_000:  # noqa: PLR2004 - up to four digits read well
            return f"{count} {unit}"
        count //= 1000
    return f"{count} GB"
