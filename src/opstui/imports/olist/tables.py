"""The tables of an Olist export: their file names, and what a row of each must hold (only columns we use)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os.path import isdir, isfile
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from opstui.domain.model import Refused, clean_line
from opstui.i18n import _
from opstui.imports.cells import (
    Amount,
    Count,
    MaybeDay,
    MaybeMoment,
    Moment,
    Name,
    Prose,
    RowModel,
    Words,
    judged,
)
from opstui.imports.interface import Report
from opstui.imports.tables import open_table, shown
from opstui.progress import Progress, silent


class OrderRow(RowModel):
    """An order and its times."""

    order_id: Name
    customer_id: Words
    order_status: Words
    order_purchase_timestamp: Moment
    order_approved_at: MaybeMoment
    order_delivered_carrier_date: MaybeMoment
    order_delivered_customer_date: MaybeMoment
    order_estimated_delivery_date: MaybeDay


class ItemRow(RowModel):
    """One piece of one product in an order."""

    order_id: Name
    order_item_id: Count
    product_id: Words
    price: Amount
    freight_value: Amount


class PaymentRow(RowModel):
    """One payment of an order; an order may be paid in several."""

    order_id: Name
    payment_sequential: Count
    payment_value: Amount


class CustomerRow(RowModel):
    """Who ordered: `customer_id` is new with every order, `customer_unique_id` is the person."""

    customer_id: Name
    customer_unique_id: Words
    customer_city: Words


class ReviewRow(RowModel):
    """What a customer said about an order."""

    review_id: Name
    order_id: Name
    review_score: Count
    review_comment_title: Words
    review_comment_message: Prose
    review_creation_date: Moment
    review_answer_timestamp: MaybeMoment


class ProductRow(RowModel):
    """A product has no name in this export, only a category."""

    product_id: Name
    product_category_name: Words


class TranslationRow(RowModel):
    """A category in English."""

    product_category_name: Name
    product_category_name_english: Words


FILES: dict[type[RowModel], str] = {
    OrderRow: "olist_orders_dataset.csv",
    ItemRow: "olist_order_items_dataset.csv",
    PaymentRow: "olist_order_payments_dataset.csv",
    CustomerRow: "olist_customers_dataset.csv",
    ReviewRow: "olist_order_reviews_dataset.csv",
    ProductRow: "olist_products_dataset.csv",
    TranslationRow: "product_category_name_translation.csv",
}
NEEDED = (OrderRow, ItemRow, PaymentRow, CustomerRow)
"""Without these there is no order to speak of; the others may be missing."""

_SHOWN = 200
M = TypeVar("M", bound=RowModel)


class Folder(Struct, frozen=True):
    """The folder an export was unpacked into."""

    path: Path
    report: Report
    progress: Progress = silent

    def rows(self, model: type[M]) -> Iterator[tuple[int, M]]:
        """The good rows of a table with their lines; nothing when an optional table is not there."""
        path = self.path / FILES[model]
        if model not in NEEDED and not path.exists():
            self.report.notes.append(_("not in the folder, done without: {file}").format(file=FILES[model]))
            return
        yield from judged(open_table(path, model.columns(), self.report, self.progress), model, self.report)


def open_folder(paths: Sequence[Path], report: Report, progress: Progress = silent) -> Folder:
    """The one folder named.

    Raises:
        Refused: not one folder, or without one of the needed tables.
    """
    if len(paths) != 1 or not isdir(paths[0]):  # noqa: PTH112 - is_dir() raises for a name too long
        named = ", ".join(clean_line(str(p)[-_SHOWN:]) for p in paths)
        raise Refused(
            _("olist reads one folder with the tables in it, not: {paths}. Name that folder.").format(paths=named)
        )
    missing = [FILES[model] for model in NEEDED if not isfile(paths[0] / FILES[model])]  # noqa: PTH113 - likewise
    if missing:
        csvs = sorted(shown(p) for p in paths[0].glob("*.csv"))
        raise Refused(
            _(
                "{folder} is not a whole Olist export: it has no {missing}. It has: {there}. Name the folder with all."
            ).format(
                folder=shown(paths[0].resolve()), missing=", ".join(missing), there=", ".join(csvs[:10]) or _("none")
            )
        )
    return Folder(paths[0], report, progress)
