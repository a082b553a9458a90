"""Cards from a plain table: the way in for a spreadsheet that someone kept until today.

A column is a field of the card (its name as in `card edit --set`), besides `board` and `title` which must be there,
and `id`, `stage`, `created` and `entered`. Without an id the title is the identity. A stage past the first one must
say since when, as every figure about flow would else be an invention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from opstui.domain.boards import Board
from opstui.domain.fieldwork import with_fields
from opstui.domain.model import Draft, Field, Past, Refused, fields_of, plain
from opstui.i18n import _
from opstui.imports.cells import (
    LARGEST,
    Name,
    RowModel,
    Words,
    at_zone,
    day_or_moment,
    is_nothing,
    judge,
    likely,
    maybe,
)
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.tables import Row, Table, open_table
from opstui.spreadsheet import read as read_cell
from opstui.spreadsheet import unguarded
from opstui.typed import Here

SOURCE = "cards"
OWN = frozenset({"board", "title", "id", "stage", "created", "entered"})
_TOLD = frozenset({"board", "title", "id", "stage"})
"""Of these, words for nothing are taken as they stand, or refused."""
_FIGURES = ("money", "number", "list")
_ENDLESS = re.compile(r"[\d.,' ]{100}")
When = Annotated[date | datetime | None, BeforeValidator(maybe(day_or_moment))]


class CardRow(RowModel):
    """The part of a row that is the same on every board."""

    board: Name
    title: Name
    id: Words = ""
    stage: Words = ""
    created: When = None
    entered: When = None


def read(paths: Sequence[Path], context: Context) -> Reading:
    """A draft a row.

    Raises:
        Refused: a file cannot be read or is of another kind.
    """
    report, drafts = Report(), dict[str, Draft]()
    for path in paths:
        table = open_table(path, CardRow.columns(), report, context.progress)
        _unread(table, context, report)
        for row in table.rows:
            good = judge(table, _bare(row), CardRow, report)
            if good is None:
                continue
            try:
                draft = _draft(good, row, context)
            except ValueError as error:
                report.add("refused", table.file, row.line, str(error))
                continue
            if drafts.setdefault(draft.external_id, draft) is draft:
                _say_what_is_empty(table.file, row, context, report)
            else:
                report.add(
                    "refused", table.file, row.line, _("a second row with the same id (or title)"), draft.external_id
                )
    report.cards = len(drafts)
    return Reading(drafts=tuple(drafts.values()), report=report)


def _bare(row: Row) -> Row:
    """The row without the apostrophes that an export puts before what a spreadsheet would take for a formula."""
    return Row(row.line, {name: unguarded(cell) for name, cell in row.cells.items()})


def _say_what_is_empty(file: str, row: Row, context: Context, report: Report) -> None:
    """Words for nothing (NaN, null, a dash) may have been meant as they stand, in a customer's name for one."""
    known = _read(context) - _TOLD
    for name, cell in row.cells.items():
        text = cell.strip()
        if name in known and text and is_nothing(text):
            report.add("repaired", file, row.line, _("{name}: read as empty").format(name=name), text)


def _read(context: Context) -> frozenset[str]:
    return OWN | {field.name for board in context.boards for field in fields_of(board.kind)}


def _unread(table: Table, context: Context, report: Report) -> None:
    known = _read(context)
    names = [c for c in table.columns if c.strip() and c.strip().casefold() not in known]
    if names:
        report.notes.append(
            _("{file}: columns that are no field of a card, not read: {names}").format(
                file=table.file, names=", ".join(names)
            )
        )


def _draft(row: CardRow, cells: Row, context: Context) -> Draft:
    board = _board(row.board, context)
    created = at_zone(row.created, context.zone) if row.created else context.now
    draft = Draft(
        source=SOURCE,
        external_id=row.id or f"{board.id}/{row.title.casefold()}",
        board=board.id,
        title=row.title,
        created=created,
        fields=dict(_fields(board, cells, context)),
        history=tuple(_history(row, board, created, context)),
    )
    _must_be_taken(draft, board)
    return draft


def _must_be_taken(draft: Draft, board: Board) -> None:
    """Ask the domain now: a refusal while loading would leave half an import behind."""
    at = plain(draft.created)
    blank = {"id": 0, "ref": "", "kind": board.kind, "board": board.id, "stage": "", "created": at, "entered": at}
    try:
        with_fields({**blank, "title": "", "rank": 0.0, "version": 1}, {"title": draft.title, **draft.fields})
    except Refused as refused:
        raise ValueError(str(refused)) from refused


def _board(name: str, context: Context) -> Board:
    for board in context.boards:
        if name.casefold() in (board.id, board.name.casefold()):
            return board
    raise ValueError(_("board: not one of {boards}").format(boards=", ".join(b.id for b in context.boards)))


def _history(row: CardRow, board: Board, created: datetime, context: Context) -> Iterator[Past]:
    """Its first stage, and the one it stands in; nothing where the row does not say since when."""
    first = board.stages[0].id
    stage = next((s.id for s in board.stages if row.stage.casefold() in (s.id, s.name.casefold())), None)
    if row.stage and stage is None:
        raise ValueError(_("stage: not one of {stages}").format(stages=", ".join(s.id for s in board.stages)))
    if stage in (None, first):
        if row.created:
            yield Past(at=created, sort="stage", value=first)
        return
    if not row.entered and not row.created:
        raise ValueError(_("stage {stage} without a time: fill created or entered").format(stage=stage))
    entered = at_zone(row.entered, context.zone) if row.entered else created
    if row.created and row.entered:
        if entered < created:
            raise ValueError(_("entered is before created"))
        yield Past(at=created, sort="stage", value=first)
    yield Past(at=entered, sort="stage", value=str(stage))


def _fields(board: Board, row: Row, context: Context) -> Iterator[tuple[str, Any]]:
    fields: dict[str, Field] = {f.name: f for f in fields_of(board.kind)}
    currency = row.cells.get("currency", "").strip().upper() or context.currency
    here = Here(now=context.now, zone=context.zone, currency=currency)
    amounts = False
    for name, text in row.cells.items():
        if name in fields and name not in (*OWN, "currency") and not is_nothing(text):
            try:
                value = _value(fields[name], unguarded(text), here)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
            amounts = amounts or (bool(value) and fields[name].shape in ("money", "list"))
            yield name, value
    if "currency" in fields and (amounts or row.cells.get("currency", "").strip() or "currency" not in row.cells):
        yield "currency", currency


def _value(field: Field, text: str, here: Here) -> Any:
    if field.shape in _FIGURES and _ENDLESS.search(text):
        raise ValueError(_("too large a number"))
    try:
        value = read_cell(field, text, here)
    except OverflowError as error:
        raise ValueError(_("out of the question")) from error
    if isinstance(value, int | float) and abs(value) > LARGEST:
        raise ValueError(_("too large a number"))
    if field.shape == "date" and value:
        likely(date.fromisoformat(value))
    return value
