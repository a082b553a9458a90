"""A whole small shop in a folder of plain files, with every day told from today (see `relative`).

The demo and the tests live on it: it is what people see first, so it is kept in files that anybody can read and edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from opstui.domain.model import Draft
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.sample.columns import TABLES
from opstui.imports.sample.folder import Folder
from opstui.imports.sample.records import campaigns, cards, notes, stock
from opstui.imports.sample.relative import Calendar


def read(paths: Sequence[Path], context: Context) -> Reading:
    """The shop's campaigns, orders, feedback and actions with their histories, and its stock.

    Raises:
        Refused: a file is missing or of another kind.

    """
    report = Report()
    drafts: list[Draft] = []
    shelves = []
    for path in paths:
        folder = Folder(path, Calendar(context.zone, context.now), context.currency, report)
        said, shelf = notes(folder), list(stock(folder))
        products = {item.product.sku: item.product.name for item in shelf}
        drafts += campaigns(folder, said)
        for name in TABLES:
            drafts += cards(folder, name, said, products)
        shelves += shelf
    report.cards, report.products = len(drafts), len(shelves)
    report.metric_rows = sum(len(draft.metrics) for draft in drafts)
    return Reading(drafts=tuple(drafts), stock=tuple(shelves), report=report)
