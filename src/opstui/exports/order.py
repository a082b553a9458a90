"""The layout of an order incident (domain spec B.5): what it did to which orders, how fast, and where they lay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from opstui.exports import incident, story
from opstui.exports import markdown as md
from opstui.exports.layout import Layout
from opstui.exports.masking import mask_name
from opstui.exports.page import Page
from opstui.exports.style import plain_number
from opstui.formats import exact_age
from opstui.i18n import _, ngettext
from opstui.projections.incident_orders import Affected, Impact, OrderFacts

MOST = 60
"""Rows of a table at most; the rest is counted."""


def front_matter(page: Page, facts: OrderFacts) -> dict[str, Any]:
    """The keys of domain spec B.5 for an order incident, in their order. Money in major units."""
    shared = incident.shared_keys(page, facts)
    impact = facts.impact
    return {
        "schema": "opstui.postmortem/1",
        "kind": "order_incident",
        **shared,
        "incident": facts.card.ref,
        "cards": [order.card.ref for order in facts.orders],
        **incident.clock_keys(page, facts),
        "detected_by": facts.detected_by or None,
        "orders_affected": len(facts.orders),
        "sla_breaches": None if impact.breaches is None else len(impact.breaches),
        "cost": plain_number(impact.refunded.get(page.currency), page.currency),
        "currency": page.currency,
        **incident.ending_keys(page, facts),
    }


def layout(page: Page, facts: OrderFacts) -> Layout:
    """What it has beside the sections that all have."""
    return Layout(
        heading=_("Order incident: {title}").format(title=md.heading(page.say(facts.card.title))),
        keys=front_matter(page, facts),
        bodies={
            **incident.bodies(facts, told_first=_told_first(facts), method=_method(facts)),
            "impact": lambda page: impact(page, facts),
            "waited": lambda page: waited(page, facts),
            "response": lambda page: _response(page, facts),
        },
        sentences={"summary": lambda page: _summary(page, facts), "background": story.lead_up},
    )


def _summary(page: Page, facts: OrderFacts) -> Iterator[str]:
    """What happened, to whom, and what it cost, in sentences."""
    said = ngettext("{n} order was affected", "{n} orders were affected", len(facts.orders))
    if n := facts.impact.customers:
        customers = ngettext("{n} customer", "{n} customers", n)
        said = _("{orders}, of {customers}").format(orders=said, customers=customers)
    if value := money(page, facts.impact.value):
        said = _("{orders}, worth {value}").format(orders=said, value=value)
    yield f"{said}."
    if late := facts.late_orders:
        worst = exact_age(late[0].late or timedelta())
        was = ngettext("{n} was late", "{n} were late", len(late))
        yield _("{late}, by up to {worst}.").format(late=was, worst=worst)
    if facts.impact.complaints:
        told = incident.counted(facts.impact.complaints, facts.impact.complaining)
        yield _("Complaints: {complaints}.").format(complaints=told)


# --------------------------------------------------------------------------------------- what it did


def impact(page: Page, facts: OrderFacts) -> list[str]:
    """How many of how many, then the orders one by one, the latest first."""
    rows = [list(row) for row in _measures(page, facts)]
    shown = sorted(facts.orders, key=lambda order: (-(order.late or timedelta()), order.card.id))
    left_out = len(shown) - MOST
    header = [_("Order"), _("Customer"), _("Value"), _("Promised"), _("Done"), _("Late by"), _("Compensation")]
    more = _("Left out here: {n} orders with shorter delays; all figures count them.").format(n=left_out)
    return [
        md.table([_("Measure"), _("Value")], rows, "lr"),
        md.table(header, [_order(page, facts, order) for order in shown[:MOST]], "llrllr"),
        md.inline(more) if left_out > 0 else "",
        _breaches(page, facts.impact),
    ]


def _measures(page: Page, facts: OrderFacts) -> Iterator[tuple[str, str]]:
    found, late = facts.impact, facts.late_orders
    yield _("Orders affected, of all open in that time"), incident.share(page, len(facts.orders), found.open_orders)
    yield _("Customers, of all with an open order"), _customers(page, found)
    yield _("Value, of all open orders"), money(page, found.value, found.open_value)
    yield _("Late, of those whose promised day stood"), incident.share(page, len(late), facts.with_promise)
    yield _("SLA breaches, of all promised times"), _broken(page, found)
    yield _("Refunded orders"), _refunded(page, found)
    yield _("Complaints received"), incident.counted(found.complaints, found.complaining)
    worst = (
        _("{span} ({ref})").format(span=exact_age(late[0].late or timedelta()), ref=late[0].card.ref) if late else ""
    )
    yield _("Longest delay"), worst


def _customers(page: Page, found: Impact) -> str:
    said = incident.share(page, found.customers, found.open_customers)
    if not found.unnamed:
        return said
    nameless = ngettext("{n} order without a customer", "{n} orders without a customer", found.unnamed)
    return _("{said}; {nameless}").format(said=said, nameless=nameless)


def money(page: Page, amounts: dict[str, int], whole: dict[str, int] | None = None) -> str:
    """Amounts by currency, each with its share of the whole."""
    said = []
    for code in sorted(amounts):
        text = page.style.money(amounts[code], code or page.currency)
        if whole and whole.get(code):
            of, part = page.style.money(whole[code], code or page.currency), amounts[code] / whole[code]
            text = _("{part} of {whole} ({share})").format(part=text, whole=of, share=page.style.percent(part))
        said.append(text)
    return "; ".join(said)


def _broken(page: Page, found: Impact) -> str:
    if found.breaches is None:
        return _("nothing is promised in opstui.toml")
    return incident.share(page, len(found.breaches), found.promises)


def _refunded(page: Page, found: Impact) -> str:
    if not found.refunds:
        return "0"
    return _("{n}, {money}").format(n=page.style.number(found.refunds), money=money(page, found.refunded))


def _order(page: Page, facts: OrderFacts, order: Affected) -> list[str]:
    details = order.card.details
    currency = getattr(details, "currency", "") or page.currency
    return [
        order.card.ref,
        mask_name(getattr(details, "customer", "")),
        page.style.money(getattr(details, "total", 0) or None, currency),
        page.day(order.promised),
        page.day(order.done) if order.done else _stands(facts, order),
        exact_age(order.late) if order.late else "",
        _("refunded") if getattr(details, "payment", "") == "refunded" else "",
    ]


def _stands(facts: OrderFacts, order: Affected) -> str:
    stage = facts.board.stage(order.card.stage)
    name = stage.name if stage else order.card.stage
    return name if facts.board.ends(order.card.stage) else _("open: {stage}").format(stage=name)


def _breaches(page: Page, found: Impact) -> str:
    worst = sorted(found.breaches or (), key=lambda breach: (breach.target - breach.used, breach.ref, breach.stage))
    rows = [
        [
            breach.ref,
            _("time in {stage}").format(stage=breach.stage) if breach.stage else _("whole order, open minutes"),
            page.style.number(breach.used),
            page.style.number(breach.target),
        ]
        for breach in worst[:MOST]
    ]
    header = [_("Order"), _("Promise broken"), _("Minutes used"), _("Promised")]
    return md.table(header, rows, "llrr") if rows else ""


def _told_first(facts: OrderFacts) -> Sequence[str]:
    before = facts.impact.before_detection
    if not before:
        return ()
    text = _("{n} of {all} complaints had come in before it was noticed.")
    return (text.format(n=before, all=facts.impact.complaints),)


def _response(page: Page, facts: OrderFacts) -> Sequence[str]:
    exposed = md.bullets(incident.notice(page, facts)) if facts.notice else ""
    return [*incident.response(page, facts), _checklist(page, facts), exposed]


def _checklist(page: Page, facts: OrderFacts) -> str:
    """The steps of the card that nobody has ticked."""
    items = facts.card.checklist
    left = [page.say(item.text) for item in items if not item.done]
    text = _("Open on the checklist, {n} of {all}: {items}").format(n=len(left), all=len(items), items="; ".join(left))
    return md.inline(text) if left else ""


# --------------------------------------------------------------------------------------- where it lay


def waited(page: Page, facts: OrderFacts) -> list[str]:
    """How much longer than usual the orders lay in each stage, and how many lay there at most."""
    rows = [
        [
            wait.name,
            exact_age(wait.typical) if wait.typical is not None else "",
            exact_age(wait.here),
            page.style.number(wait.times, 1),
            str(wait.peak),
            str(wait.wip) if wait.wip else "",
        ]
        for wait in facts.waits
    ]
    header = [
        _("Stage"), _("Typical (median)"), _("This incident (median)"), _("Times longer"), _("Cards waiting at peak"),
        _("WIP limit"),
    ]  # fmt: skip
    usual = ngettext("{n} other order that was done", "{n} other orders that were done", facts.usual)
    text = _("Typical is the median of {orders} from {day} until it began.").format(
        orders=usual, day=facts.usual_since.isoformat()
    )
    none = _("No other order was done in the 90 days before it began, so nothing is typical.")
    return [md.table(header, rows, "lrrrrr"), md.inline(text if facts.usual else none)]


def _method(facts: OrderFacts) -> Sequence[str]:
    return [
        _("Orders affected are {card} and the orders linked with it; complaints are those about any of them.").format(
            card=facts.card.ref
        ),
        _("A promise is the due day as it stood a day before it ended; an order is late from the end of that day."),
        _("A promise stands unless the order was cancelled or put away before its day had ended."),
        _("Cards waiting at peak counts all orders of the board while it lasted, not only those affected."),
    ]
