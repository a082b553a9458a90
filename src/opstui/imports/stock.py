"""A stock list of opstui's own: one row a movement, or a product alone with its minimum.

A movement is known by all of its parts, so the same file again adds nothing, and a row that stands there twice is
refused: nobody could tell whether it happened twice. Quantities are signed; `out 3` plainly means three left, so it
is repaired, while `in -3` could mean two things and is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal, cast

from pydantic import BeforeValidator

from opstui.domain.commands import ImportStock
from opstui.domain.model import Movement, Product
from opstui.i18n import _
from opstui.imports.cells import (
    Name,
    RowModel,
    Whole,
    Words,
    at_zone,
    count,
    day_or_moment,
    is_nothing,
    judged,
    maybe,
)
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.tables import open_table

SORTS = ("", "in", "out", "reserve", "adjust")


def _sort(text: str) -> str:
    word = "" if is_nothing(text) else text.strip().casefold()
    if word not in SORTS:
        raise ValueError(_("not one of: in, out, reserve, adjust"))
    return word


class StockRow(RowModel):
    """A row of the list. Without a quantity it only names a product."""

    sku: Name
    name: Words = ""
    minimum: Annotated[int | None, BeforeValidator(maybe(count))] = None
    lead_days: Annotated[int | None, BeforeValidator(maybe(count))] = None
    lead_spread: Annotated[int | None, BeforeValidator(maybe(count))] = None
    pack: Annotated[int | None, BeforeValidator(maybe(count))] = None
    at: Annotated[date | datetime | None, BeforeValidator(maybe(day_or_moment))] = None
    quantity: Whole = 0
    sort: Annotated[str, BeforeValidator(_sort)] = ""
    note: Words = ""


@dataclass(slots=True)
class Shelf:
    """What the rows said so far about one product; a later name or number counts."""

    name: str = ""
    minimum: int = 0
    lead_days: int = 0
    lead_spread: int = 0
    pack: int = 1
    movements: dict[Movement, int] = field(default_factory=dict)
    """Movement -> the line it stands on."""


def read(paths: Sequence[Path], context: Context) -> Reading:
    """Products with their movements, in the order of their first rows.

    Raises:
        Refused: a file cannot be read or is of another kind.
    """
    report, shelves = Report(), dict[str, Shelf]()
    for path in paths:
        table = open_table(path, StockRow.columns(), report, context.progress)
        for line, row in judged(table, StockRow, report):
            _take(row, shelves.setdefault(row.sku, Shelf()), context, report, place=(table.file, line))
    report.products = len(shelves)
    stock = tuple(
        ImportStock(
            product=Product(
                sku=sku,
                name=shelf.name or sku,
                minimum=shelf.minimum,
                lead_days=shelf.lead_days,
                lead_spread=shelf.lead_spread,
                pack=max(1, shelf.pack),
            ),
            movements=tuple(sorted(shelf.movements, key=lambda m: m.at)),
        )
        for sku, shelf in shelves.items()
    )
    return Reading(stock=stock, report=report)


def _take(row: StockRow, shelf: Shelf, context: Context, report: Report, *, place: tuple[str, int]) -> None:
    shelf.name = row.name or shelf.name
    for name in ("minimum", "lead_days", "lead_spread", "pack"):
        if (number := getattr(row, name)) is not None:
            setattr(shelf, name, number)
    if row.quantity == 0:
        return
    if row.at is None:
        report.add("refused", *place, _("a quantity without a time (at)"), row.sku)
        return
    sort = row.sort or ("in" if row.quantity > 0 else "out")
    if sort == "in" and row.quantity < 0:
        report.add("refused", *place, _("in with a quantity below zero"), row.sku)
        return
    quantity = row.quantity
    if sort == "out" and quantity > 0:
        report.add("repaired", *place, _("out with a quantity above zero: taken off"), row.sku)
        quantity = -quantity
    movement = Movement(
        sku=row.sku,
        at=at_zone(row.at, context.zone),
        quantity=quantity,
        sort=cast("Literal['in', 'out', 'reserve', 'adjust']", sort),
        note=row.note,
    )
    if shelf.movements.setdefault(movement, place[1]) != place[1]:
        reason = _("the same movement stands there twice; a note tells them apart")
        report.add("refused", *place, reason, _("line {line}").format(line=shelf.movements[movement]))
