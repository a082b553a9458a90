"""Orders with what belongs to them: lines, what was paid, who bought.

What was paid counts as the total, as it includes the interest on instalments; without a payment, items and freight
do. A row that belongs to no order is refused with its line: it would otherwise vanish from the sums unseen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from opstui.domain.model import Draft, Line, plain
from opstui.i18n import _, ngettext
from opstui.imports.cells import RowModel, minor
from opstui.imports.interface import Context, Report
from opstui.imports.olist.history import history
from opstui.imports.olist.tables import (
    FILES,
    CustomerRow,
    Folder,
    ItemRow,
    OrderRow,
    PaymentRow,
    ProductRow,
    TranslationRow,
)

SOURCE = "olist"
CURRENCY = "BRL"
SHORT = 8
"""Digits of their long hexadecimal ids that people are shown."""

M = TypeVar("M", bound=RowModel)


@dataclass(slots=True)
class Parts:
    """One order's rows in all the tables."""

    line: int
    row: OrderRow
    items: list[ItemRow] = field(default_factory=list)
    paid: Decimal | None = None
    customer: CustomerRow | None = None


def read_orders(folder: Folder, context: Context) -> dict[str, Draft]:
    """Order id -> its draft, in the order of the file."""
    parts = {row.order_id: Parts(line, row) for line, row in _once(folder, OrderRow, lambda row: row.order_id)}
    for __, item in _of_orders(folder, ItemRow, parts, lambda row: (row.order_id, row.order_item_id)):
        parts[item.order_id].items.append(item)
    for __, payment in _of_orders(folder, PaymentRow, parts, lambda row: (row.order_id, row.payment_sequential)):
        order = parts[payment.order_id]
        order.paid = (order.paid or Decimal(0)) + payment.payment_value
    customers = {row.customer_id: row for __, row in _once(folder, CustomerRow, lambda row: row.customer_id)}
    for order in parts.values():
        order.customer = customers.get(order.row.customer_id)
    names = _product_names(folder)
    drafts = {order_id: _draft(order, names, context, folder.report) for order_id, order in parts.items()}
    _notes(parts, context, folder.report)
    return drafts


def _once(folder: Folder, model: type[M], identity: Callable[[M], Hashable]) -> Iterator[tuple[int, M]]:
    """The rows of a table; one whose identity stood there before is refused."""
    seen: dict[Hashable, int] = {}
    for line, row in folder.rows(model):
        first = seen.setdefault(identity(row), line)
        if first != line:
            where = _("line {line}").format(line=first)
            folder.report.add("refused", FILES[model], line, _("stands there twice, the first one counts"), where)
        else:
            yield line, row


def _of_orders(
    folder: Folder, model: type[M], orders: dict[str, Parts], identity: Callable[[M], Hashable]
) -> Iterator[tuple[int, M]]:
    """The rows that belong to an order we have; the others are refused."""
    for line, row in _once(folder, model, identity):
        order_id = str(getattr(row, "order_id", ""))
        if order_id in orders:
            yield line, row
        else:
            folder.report.add("refused", FILES[model], line, _("its order is not among the orders taken"), order_id)


def _product_names(folder: Folder) -> dict[str, str]:
    """Product id -> its category in English, else in Portuguese. Both tables are optional."""
    english = {row.product_category_name: row.product_category_name_english for __, row in folder.rows(TranslationRow)}
    categories = {row.product_id: row.product_category_name for __, row in folder.rows(ProductRow)}
    return {p: (english.get(c) or c).replace("_", " ") for p, c in categories.items() if c}


def _draft(order: Parts, names: dict[str, str], context: Context, report: Report) -> Draft:
    row = order.row
    past, reasons = history(row, context.zone)
    for reason in (*reasons, *_gaps(order)):
        report.add("repaired", FILES[OrderRow], order.line, reason, row.order_id)
    lines = _lines(order, names)
    return Draft(
        source=SOURCE,
        external_id=row.order_id,
        board="orders",
        title=_title(row.order_id, lines),
        created=past[0].at,
        fields=_fields(order, lines),
        history=past,
    )


def _gaps(order: Parts) -> Iterator[str]:
    if not order.items:
        yield _("no items in {file}").format(file=FILES[ItemRow])
    if order.paid is None:
        yield _("no payment in {file}: items and freight are its total").format(file=FILES[PaymentRow])
    if order.customer is None:
        yield _("no customer in {file}").format(file=FILES[CustomerRow])
    if order.row.order_estimated_delivery_date is None:
        yield _("order_estimated_delivery_date is missing: no due date")


def _lines(order: Parts, names: dict[str, str]) -> list[Line]:
    """One line a product and price: the export has one row a piece."""
    pieces = Counter((item.product_id, item.price) for item in sorted(order.items, key=lambda item: item.order_item_id))
    return [
        Line(
            name=names.get(product) or _("product {id}").format(id=product[:SHORT]),
            quantity=n,
            price=minor(price, CURRENCY),
            sku=product,
        )
        for (product, price), n in pieces.items()
    ]


def _title(order_id: str, lines: list[Line]) -> str:
    if not lines:
        return _("Order {id}").format(id=order_id[:SHORT])
    first = lines[0].name if lines[0].quantity == 1 else f"{lines[0].quantity} × {lines[0].name}"
    more = f" +{len(lines) - 1}" if len(lines) > 1 else ""
    return f"{first}{more} · {order_id[:SHORT]}"


def _fields(order: Parts, lines: list[Line]) -> dict[str, Any]:
    due, customer = order.row.order_estimated_delivery_date, order.customer
    total = _from_items(order) if order.paid is None else order.paid
    fields = {
        "channel": SOURCE,
        "customer": customer.customer_unique_id[:SHORT] if customer else "",
        "buyer": customer.customer_unique_id if customer else "",
        "city": customer.customer_city if customer else "",
        "lines": plain(lines),
        "total": minor(total, CURRENCY),
        "currency": CURRENCY,
        "payment": "paid" if order.row.order_approved_at else "unpaid",
        "due": due.isoformat() if due else None,
    }
    return {name: value for name, value in fields.items() if value not in ("", None, [])}


def _from_items(order: Parts) -> Decimal:
    return sum((item.price + item.freight_value for item in order.items), Decimal(0))


def _notes(parts: dict[str, Parts], context: Context, report: Report) -> None:
    """What was assumed for all of them."""
    report.notes.append(_("times without a zone are read as {zone}").format(zone=context.zone.key))
    other = sum(bool(p.items) and p.paid is not None and p.paid != _from_items(p) for p in parts.values())
    if other:
        report.notes.append(
            ngettext(
                "{n} order was paid another amount than its items and freight: what was paid is its total",
                "{n} orders were paid another amount than their items and freight: what was paid is their total",
                other,
            )
        )
