"""What `opstui import actions` does: ticked boxes of post-mortems' files become actions that are done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from opstui.cli.session import Session, say, tell_json
from opstui.domain.commands import MoveCard
from opstui.domain.model import Refused, clean_line
from opstui.i18n import _, ngettext
from opstui.imports.actions import File, Row, carry_out, plan, read_file

FORMAT = "actions"
TITLE = _("Ticked actions of a post-mortem: Markdown that was exported; only lines like - [x] ACT-0001 count")


def take_in(session: Session, paths: tuple[Path, ...], *, dry_run: bool, as_json: bool) -> None:
    """Read the files and make done what was ticked; says what became of each box that needs a word."""
    files = [(path, _planned(session, path)) for path in paths]
    told = []
    for path, rows in files:
        found = rows if dry_run else carry_out(rows, lambda moves: _submit(session, moves))
        told.append((path, found))
    if as_json:
        tell_json(
            {"schema": "opstui.ticks/1", "dry_run": dry_run, "boxes": [r for p, rows in told for r in _json(p, rows)]}
        )
    for path, rows in told:
        for line in _lines(path, rows, dry_run=dry_run):
            say(line)


def _planned(session: Session, path: Path) -> list[Row]:
    workspace = session.workspace
    try:
        file: File = read_file(path)
        return plan(file, workspace.state, workspace.settings)
    except Refused as no:
        text = str(no)
        raise Refused(text if text.startswith(str(path)) else f"{path}: {text}") from None


def _submit(session: Session, moves: list[MoveCard]) -> tuple[tuple[int, str], ...]:
    return session.workspace.submit(session.actor, *moves, via="cli", each=True).refused


def _json(path: Path, rows: list[Row]) -> Iterator[dict[str, object]]:
    for row in rows:
        line = {"file": path.name, "line": row.box.line, "id": row.box.ref, "ticked": row.box.ticked}
        yield line | {"result": row.what, "reason": row.reason}


def _lines(path: Path, rows: list[Row], *, dry_run: bool) -> Iterator[str]:
    done = sum(row.what == "done" for row in rows)
    known = sum(row.what == "known" for row in rows)
    made = ngettext("{n} action is done now", "{n} actions are done now", done)
    would = ngettext("{n} action would be done", "{n} actions would be done", done)
    rest = _("{known} were done already, {open} are open").format(
        known=known, open=sum(row.what == "open" for row in rows)
    )
    yield f"{clean_line(path.name)}: {would if dry_run else made}; {rest}"
    for row in rows:
        if row.reason:
            yield _("{file}, line {line}: {id}: {reason}").format(
                file=clean_line(path.name), line=row.box.line, id=row.box.ref, reason=row.reason
            )
