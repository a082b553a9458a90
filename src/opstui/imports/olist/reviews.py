"""Reviews into feedback cards that link to their order.

A review id may stand at several orders (one survey over two parcels), so a card's identity is both ids together. The
message came in on its creation date and was done with at its answer time; the sort follows the stars.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from opstui.domain.model import Draft, Past, plain
from opstui.i18n import _
from opstui.imports.cells import at_zone, shorten
from opstui.imports.interface import Context
from opstui.imports.olist.orders import SOURCE
from opstui.imports.olist.tables import FILES, Folder, ReviewRow

HIGHEST = 5
POOR, GOOD = 2, 4
TITLE = 80


def read_reviews(folder: Folder, orders: Mapping[str, Draft], context: Context) -> Iterator[Draft]:
    """A draft for each review; what is odd about one is reported."""
    seen: dict[tuple[str, str], int] = {}
    first: dict[str, str] = {}
    for line, row in folder.rows(ReviewRow):
        key = (row.review_id, row.order_id)
        if seen.setdefault(key, line) != line:
            where = _("line {line}").format(line=seen[key])
            folder.report.add("refused", FILES[ReviewRow], line, _("stands there twice, the first one counts"), where)
            continue
        for reason in _oddities(row, orders, first.setdefault(row.review_id, row.order_id)):
            folder.report.add("repaired", FILES[ReviewRow], line, reason, row.review_id)
        yield _draft(row, orders.get(row.order_id), context)


def _oddities(row: ReviewRow, orders: Mapping[str, Draft], first_order: str) -> Iterator[str]:
    if row.order_id not in orders:
        yield _("its order is not among the orders taken: kept without a link")
    if first_order != row.order_id:
        yield _("the same review stands at another order too: both are kept")
    if not 1 <= row.review_score <= HIGHEST:
        yield _("review_score is not 1 to 5: kept without a score")
    if row.review_answer_timestamp is None:
        yield _("review_answer_timestamp is missing: left open in the inbox")
    elif row.review_answer_timestamp < row.review_creation_date:
        yield _("answered before it was written: answer put at its creation")


def _draft(row: ReviewRow, order: Draft | None, context: Context) -> Draft:
    created = at_zone(row.review_creation_date, context.zone)
    history = [Past(at=created, sort="stage", value="inbox")]
    score = row.review_score if 1 <= row.review_score <= HIGHEST else None
    fields = {
        "channel": SOURCE,
        "customer": order.fields.get("customer") if order else None,
        "sort": _sort(score),
        "score": score,
        "description": "\n\n".join(part for part in (row.review_comment_title, row.review_comment_message) if part),
    }
    if row.review_answer_timestamp is not None:
        answered = max(at_zone(row.review_answer_timestamp, context.zone), created)
        fields["first_response"] = plain(answered)
        history.append(Past(at=answered, sort="stage", value="closed"))
    return Draft(
        source=SOURCE,
        external_id=f"review/{row.review_id}/{row.order_id}",
        board="feedback",
        title=_title(row, score),
        created=created,
        fields={name: value for name, value in fields.items() if value not in ("", None)},
        history=tuple(history),
        links=(("about", row.order_id),) if order else (),
    )


def _sort(score: int | None) -> str:
    if score is None:
        return "review"
    return "complaint" if score <= POOR else "praise" if score >= GOOD else "review"


def _title(row: ReviewRow, score: int | None) -> str:
    text = shorten(row.review_comment_title or row.review_comment_message, TITLE)
    if text:
        return text
    return _("Review without words") if score is None else _("{n} of {highest} stars").format(n=score, highest=HIGHEST)
