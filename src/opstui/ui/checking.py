"""Keeping the workspace safe from within the console: the doctor, db.json made anew, a backup.

All three read everything, tell how far they are and can be ended; what they write is whole or not there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opstui.domain.model import Refused, clean_line
from opstui.formats import today_in
from opstui.i18n import _, ngettext
from opstui.store.backup import back_up
from opstui.store.doctor import Report as Findings
from opstui.store.doctor import examine
from opstui.store.doctor import rebuild as make_anew
from opstui.store.doctor.words import further, holds, told
from opstui.store.protocol import StoreError
from opstui.ui.longwork import Cancelled, long_work
from opstui.ui.paths import Reach, is_served
from opstui.ui.rows import Row
from opstui.ui.screens.form import Form
from opstui.ui.screens.pick import Item, Picker
from opstui.ui.screens.report import Line, Report

if TYPE_CHECKING:
    from opstui.store.doctor.examine import Account
    from opstui.store.doctor.rebuild import Rebuilt
    from opstui.ui.longwork import Progress
    from opstui.ui.screens.board import BoardScreen

STYLES = {"error": "$late", "warning": "$warn", "mended": "$ok", "note": "$muted"}


async def doctor(screen: BoardScreen) -> None:
    """Look everything through and show what was found."""
    workspace = screen.session.workspace
    _expect_files(screen)

    def work(progress: Progress) -> Findings:
        return examine(workspace.path, workspace.now(), progress)

    title = _("Looking the workspace through")
    try:
        found = await long_work(screen.ask, title, work, screen.desk.formats, _("nothing is changed"))
    except Cancelled:
        screen.say(_("stopped; nothing was changed"), "refused")
        return
    verdict = _("The workspace is sound") if found.sound else _("The workspace is not sound")
    await screen.ask(Report(verdict, list(report_lines(found))))


def report_lines(found: Findings) -> Iterator[Line]:
    """What the doctor found, the worst first, then what the workspace holds."""
    if not found.findings:
        yield _("Nothing is wrong: the history, the file of all cards (db.json) and the settings agree."), "$ok"
    for finding in found.findings:
        first, *more = told(finding).splitlines()
        yield first, STYLES[finding.level]
        yield from ((line, "") for line in more)
    yield "", ""
    yield _("It holds {what}").format(what=holds(found.account, found.zone)), "$muted"
    if found.further is not None:
        yield further(found.further), "$warn"


async def rebuild(screen: BoardScreen) -> None:
    """Make db.json anew from the history, once the person knows what that is."""
    _expect_files(screen)
    items = [
        Item("", _("Leave it"), _("`doctor` says whether it is needed")),
        Item("rebuild", _("Make it anew"), _("from the whole history; others may go on working"), key="r"),
    ]
    note = _("data/db.json holds all cards as they are now. The history is what counts, and stays as it is.")
    if not await screen.ask(Picker(_("Make the file of all cards anew?"), items, note)):
        return
    path = screen.session.workspace.path

    def work(progress: Progress) -> Rebuilt:
        return make_anew(path, progress)

    title = _("Making the file of all cards anew")
    try:
        made = await long_work(screen.ask, title, work, screen.desk.formats, _("the old one stays"))
    except Cancelled:
        screen.say(_("stopped; the file of all cards is as it was"), "refused")
        return
    screen.settled(None)
    kept = _("; the one before is kept as data/{name}").format(name=made.kept) if made.kept else ""
    changes = ngettext("{n} change", "{n} changes", made.account.batches)
    screen.say(_("made data/db.json anew from {changes}{kept}").format(changes=changes, kept=kept))


async def backup(screen: BoardScreen) -> None:
    """Copy the workspace to a folder outside of it, and look the copy through."""
    workspace = screen.session.workspace
    _expect_files(screen)
    if is_served(os.environ):
        raise Refused(_("a served console writes in its workspace only; whoever keeps the server makes backups"))
    reach = Reach((Path.cwd(), workspace.path))
    day = today_in(workspace.now(), workspace.settings.zone)
    home = workspace.path.resolve()
    usual = home.with_name(f"{home.name}-backup-{day.isoformat()}")

    async def save(values: dict[str, Any]) -> str:
        folder: Path = values["folder"]

        def work(progress: Progress) -> Account:
            return back_up(workspace.store, workspace.path, folder, progress)

        title, note = _("Backing up to {name}").format(name=clean_line(folder.name)), _("no copy is left behind")
        try:
            held = await long_work(screen.ask, title, work, screen.desk.formats, note)
        except Cancelled:
            return _("folder: stopped; no copy was left behind")
        except (Refused, StoreError) as no:
            return f"folder: {no}"
        words = _("backed up to {path} and looked through: {holds}")
        screen.say(words.format(path=folder, holds=holds(held, workspace.settings.zone)))
        return ""

    row = Row(
        name="folder",
        label=_("New folder"),
        text=str(usual),
        required=True,
        read=reach.locate,
        complete=reach.complete,
        echo=partial(_where, reach),
    )
    note = _("Best on another disk. Others may go on working; the copy is looked through before this says it is done.")
    await screen.ask(Form(_("Back the workspace up"), [row], save, note, deed=_("copy")))


def _where(reach: Reach, text: str) -> str:
    return str(reach.locate(text))


def _expect_files(screen: BoardScreen) -> None:
    if not (screen.session.workspace.path / "data").is_dir():
        raise Refused(_("this workspace lies in no folder"))
