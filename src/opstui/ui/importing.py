"""Taking in a file from within the console: which format, which file, what would happen, and only then doing it.

Reading and importing are long work: both tell how far they are and can be ended. What an import has taken in by then
stays, because it went through the one door in chunks; importing the same file again takes in the rest.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opstui.domain.model import Refused
from opstui.domain.policy import check
from opstui.exports.files import slug, write_export
from opstui.formats import today_in
from opstui.i18n import _, ngettext
from opstui.imports.interface import Context, Reading
from opstui.imports.load import Importing, Outcome, carry_out, commands_of, count_new
from opstui.imports.registry import FORMATS
from opstui.imports.report import HEADINGS, became_of, render_report, rows_of
from opstui.imports.tables import shown
from opstui.store.protocol import StoreError
from opstui.ui.longwork import Cancelled, Progress, long_work
from opstui.ui.paths import Reach
from opstui.ui.rows import Row
from opstui.ui.screens.form import Form
from opstui.ui.screens.pick import Item, Picker
from opstui.ui.screens.report import Line, Report
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from opstui.formats import Formats
    from opstui.ui.screens.board import BoardScreen
    from opstui.workspace import Receipt

NAMED = 500
"""Rows with a fault that are named one by one."""


async def import_file(screen: BoardScreen) -> None:
    """Ask for everything, show what would happen, and do it if the person goes on."""
    items = [Item(form.id, form.title, form.reads) for form in FORMATS.values()]
    chosen = await screen.ask(Picker(_("Import: what is it?"), items))
    if not chosen:
        return
    asked = await _ask_file(screen, chosen)
    if asked is None:
        return
    reading, name = asked
    screen.ops.hold()  # until the report is there: no key is meant for the board in between
    would = await asyncio.to_thread(count_new, reading, screen.session.workspace.state)
    total = sum(1 for _command in commands_of(reading))
    go_on = ngettext("import {n} record", "import {n} records", total) if total else ""
    title = _("Import {name}: what would happen").format(name=name)
    if await screen.ask(Report(title, list(_told(reading, would)), go_on)):
        await _take_in(screen, reading, name)


async def _ask_file(screen: BoardScreen, chosen: str) -> tuple[Reading, str] | None:
    """The reading of the file that the person names, and its name; None when they gave up."""
    workspace, form = screen.session.workspace, FORMATS[chosen]
    reach = Reach.of(workspace.path, os.environ)
    found: list[tuple[Reading, str]] = []

    async def save(values: dict[str, Any]) -> str:
        paths: list[Path] = values["path"]
        settings = workspace.settings

        def read(progress: Progress) -> Reading:
            context = Context(
                zone=settings.zone,
                currency=settings.currency,
                now=workspace.now(),
                boards=settings.boards,
                progress=progress,
            )
            return form.read(paths, context)

        title = _("Reading {name}").format(name=_named(paths))
        try:
            reading = await long_work(screen.ask, title, read, screen.desk.formats, _("nothing is changed yet"))
            for command in commands_of(reading):
                check(screen.session.actor, command, "")
                break
        except Cancelled:
            return _("path: reading was stopped; nothing was changed")
        except Refused as no:
            return f"path: {no}"
        found.append((reading, _named(paths)))
        return ""

    row = Row(
        name="path",
        label=_("File"),
        required=True,
        read=reach.files,
        complete=reach.complete,
        echo=reach.offer,
        hint=_("a path; tab completes it"),
    )
    await screen.ask(Form(_("Import: {format}").format(format=form.title), [row], save, form.reads, deed=_("read")))
    return found[0] if found else None


def _named(paths: list[Path]) -> str:
    first = shown(paths[0])
    return first if len(paths) == 1 else _("{name} and {n} more").format(name=first, n=len(paths) - 1)


def _told(reading: Reading, would: Outcome) -> Iterator[Line]:
    """What would happen: the report, then which cards go where, then every row with a fault."""
    styles = {heading: "$late" if kind == "refused" else "$warn" for kind, heading in HEADINGS.items()}
    for line in render_report(reading.report, would, dry_run=True).splitlines():
        yield line, next((style for heading, style in styles.items() if line.startswith(heading)), "")
    boards = Counter(draft.board for draft in reading.drafts)
    if boards:
        yield "", ""
        yield _("Cards for"), "bold"
        for board, n in boards.most_common():
            yield f"  {board}  {n}", ""
    problems = reading.report.problems
    if problems:
        yield "", ""
        yield _("Row by row"), "bold"
    for line in islice(rows_of(reading.report), NAMED):
        yield f"  {line}", "$muted"
    if len(problems) > NAMED:
        yield _("  and {n} more").format(n=len(problems) - NAMED), "$muted"


async def _take_in(screen: BoardScreen, reading: Reading, name: str) -> None:
    """Import chunk by chunk through the session's own door; say what became of it.

    All of it is one step that can be taken back, as far as it came.
    """
    session, loop = screen.session, asyncio.get_running_loop()
    kept = [0, 0]
    batches: list[int] = []
    done = _("imported {name}").format(name=name)

    async def send(commands: list[Importing]) -> Receipt:
        plan = Plan(tuple(commands), done, via="import")
        receipt, _said = await session.submit(lambda: plan, undoable=False)
        if receipt.batch is not None:
            batches.append(receipt.batch)
        return receipt

    def work(progress: Progress) -> Outcome:
        def told(done: int, total: int) -> None:
            kept[:] = done, total
            progress(done, total)

        def submit(commands: list[Importing]) -> Receipt:
            return asyncio.run_coroutine_threadsafe(send(commands), loop).result()

        return carry_out(submit, reading, told)

    screen.ops.hold()
    title, note = _("Importing {name}").format(name=name), _("what is in by then stays")
    formats = screen.desk.formats
    try:
        outcome = await long_work(screen.ask, title, work, formats, note)
    except (Cancelled, Refused, StoreError) as why:
        screen.say(_stopped(why, kept, formats), "refused")
        return
    finally:
        session.steps.add_import(batches, done)
        screen.settled(None)
    told = _("imported {name}: {what}").format(name=name, what=became_of(reading.report, outcome, formats.number))
    where = await asyncio.to_thread(_keep_report, screen, reading, outcome, name)
    refused = reading.report.count("refused")
    screen.say(f"{told} · {where}" if where else told, "warning" if refused else "done")


def _keep_report(screen: BoardScreen, reading: Reading, outcome: Outcome, name: str) -> str:
    """Write down every row with a fault, beside the exports; says where, or why not, or nothing where all was well."""
    if not reading.report.problems:
        return ""
    workspace = screen.session.workspace
    day = today_in(workspace.now(), workspace.settings.zone)
    lines = [render_report(reading.report, outcome), "", *rows_of(reading.report)]
    try:
        text = "\n".join(lines) + "\n"
        written = write_export(workspace.path / "exports", f"{day.isoformat()}-import-{slug(name)}.txt", text)
    except Refused as no:
        return _("no report: {why}").format(why=no)
    return _("rows in {path}").format(path=f"exports/{written.path.name}")


def _stopped(why: Exception, kept: list[int], formats: Formats) -> str:
    """How far an import came that did not come to its end, and what to do."""
    done, total = kept
    reason = _("stopped") if isinstance(why, Cancelled) else str(why)
    if not done:
        return _("{reason}; nothing was imported").format(reason=reason)
    rest = _("{reason}; {done} of {total} records are here. Import it again to take in the rest")
    return rest.format(reason=reason, done=formats.number(done), total=formats.number(total))
