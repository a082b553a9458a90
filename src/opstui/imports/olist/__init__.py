"""The Olist marketplace export: a folder of tables, one order spread over four of them.

An order's times become its history: purchase -> `new`, approved -> `processing` (past payment), handed to the
carrier -> `shipping`, delivered -> `closed`. So the time in `new` is the wait for the money, `processing` is ours,
`shipping` the carrier's. `canceled` and `unavailable` end in `cancelled`. Reviews become feedback cards that link
to their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from opstui.domain.model import Draft
from opstui.imports.interface import Context, Reading, Report
from opstui.imports.olist.orders import read_orders
from opstui.imports.olist.reviews import read_reviews
from opstui.imports.olist.tables import open_folder


def read(paths: Sequence[Path], context: Context) -> Reading:
    """Order drafts, then the drafts of their reviews, each by the time of their last step.

    What ends on top of a stage is then what came there last, whatever the order of the file.

    Raises:
        Refused: not a folder with the four needed tables, or one of its files cannot be read.
    """
    report = Report()
    folder = open_folder(paths, report, context.progress)
    orders = read_orders(folder, context)
    reviews = read_reviews(folder, orders, context)
    drafts = (*sorted(orders.values(), key=_last_step), *sorted(reviews, key=_last_step))
    report.cards = len(drafts)
    return Reading(drafts=drafts, report=report)


def _last_step(draft: Draft) -> datetime:
    return draft.history[-1].at if draft.history else draft.created
