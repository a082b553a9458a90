"""What an open card says: its facts as people read them, its checklist, comments and links.

Plain frozen values; the one who draws them decides on lines and colours. Facts that are empty are left out, so that a
small order is a small picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from opstui.domain.boards import Board
from opstui.domain.model import SPECIFIC, Card, Field, Money, exponent, plain
from opstui.domain.state import Reader
from opstui.formats import Formats, age
from opstui.i18n import _
from opstui.metrics.marketing import ABBREVIATIONS, LOWER_IS_BETTER, MONEY, SHARES
from opstui.projections.lessons import Lesson, lessons_for
from opstui.typed import experiment_text, touch_text


class Related(Struct, frozen=True):
    """A linked card, seen from this one."""

    relation: str
    ref: str
    title: str


class DetailView(Struct, frozen=True, kw_only=True):
    """An open card. `facts` are (label, text), `checklist` (number, done, text)."""

    card: int
    ref: str
    title: str
    stage: str
    """Stage and how long it has been there: Payment · 2 d 4 h."""
    due: str
    late: bool
    blocked: str
    facts: tuple[tuple[str, str], ...]
    description: str
    checklist: tuple[tuple[int, bool, str], ...]
    comments: int
    """How many there are; the timeline tells them."""
    links: tuple[Related, ...]
    archived: bool
    lessons: tuple[Lesson, ...] = ()
    """What earlier campaigns taught, where it is a campaign."""


def _due(day: date, formats: Formats, today: date) -> str:
    written = formats.long_day(day) if day.year == today.year else formats.written_day(day)
    return _("due {day}").format(day=written)


def detail_view(
    card: Card, *, board: Board, reader: Reader, today: date, now: datetime, formats: Formats
) -> DetailView:
    """The view of one card. `today` is the day in the workspace zone, `now` an aware time."""
    stage = board.stage(card.stage)
    is_open = board.category(card.stage) in ("queue", "active")
    waits = card.blocker
    return DetailView(
        card=card.id,
        ref=card.ref,
        title=card.title,
        stage=f"{stage.name if stage else card.stage} · {age(now - card.entered)}",
        due=_due(card.due, formats, today) if card.due else "",
        late=is_open and card.due is not None and card.due < today,
        blocked=_blocked(waits.reason, waits.waiting_on, age(now - waits.since)) if waits else "",
        facts=(*_facts(card, formats, today), *_postmortem(card, reader)),
        description=card.description,
        checklist=tuple((item.id, item.done, item.text) for item in card.checklist),
        comments=sum(1 for _id, doc in reader.items("comments") if doc["card"] == card.id and not doc.get("withdrawn")),
        links=tuple(_links(card, reader)),
        archived=card.archived,
        lessons=lessons_for(card, reader, today),
    )


def _blocked(reason: str, waiting_on: str, since: str) -> str:
    if waiting_on:
        return _("blocked for {since}: {reason}; waits for {whom}").format(since=since, reason=reason, whom=waiting_on)
    return _("blocked for {since}: {reason}").format(since=since, reason=reason)


def _facts(card: Card, formats: Formats, today: date) -> Iterator[tuple[str, str]]:
    currency = getattr(card.details, "currency", "") or formats.currency
    yield _("Owner"), card.owner or _("nobody")
    if card.priority != "normal":
        yield _("Priority"), card.priority
    for field in SPECIFIC[card.kind]:
        text = _fact(field, getattr(card.details, field.name), currency, formats, today)
        if text and field.name != "currency":
            yield _(field.label), text
    if card.tags:
        yield _("Tags"), ", ".join(card.tags)
    if card.sensitive:
        yield _("Sensitive"), _("yes")
    created = formats.moment(card.created, today)
    yield _("Created"), f"{created} · {card.source}" if card.source else created


def _postmortem(card: Card, reader: Reader) -> Iterator[tuple[str, str]]:
    """Its post-mortem, and by when it has to be drafted."""
    for _id, doc in reader.items("postmortems"):
        if doc["card"] == card.id:
            by = doc.get("status") == "draft" and doc.get("due")
            words = (
                doc["ref"],
                doc.get("severity"),
                doc.get("status"),
                by and _("to be drafted by {day}").format(day=by),
            )
            yield _("Post-mortem"), " · ".join(str(word) for word in words if word)


def _fact(field: Field, value: Any, currency: str, formats: Formats, today: date) -> str:
    if value in (None, "", (), 0):
        return ""
    shapes: dict[str, Callable[[], str]] = {
        "money": lambda: formats.money(Money(value, currency)),
        "date": lambda: formats.full_day(value),
        "time": lambda: formats.moment(value, today),
        "tags": lambda: ", ".join(value),
        "list": lambda: "\n".join(_row(plain(row), currency, formats) for row in value),
    }
    return shapes.get(field.shape, lambda: str(value))()


def _row(row: dict[str, Any], currency: str, formats: Formats) -> str:
    if "arms" in row:
        return experiment_text(row)
    if "channel" in row:
        return touch_text(row)
    if "metric" in row:
        return target_text(row, currency, formats)
    text = _("{n} × {name}").format(n=row["quantity"], name=row["name"])
    price = row.get("price")
    return f"{text} @ {formats.money(Money(price, currency))}" if price else text


def target_text(row: dict[str, Any], currency: str, formats: Formats) -> str:
    """A KPI of a brief in words: CPA ≤ Rp 45.000 (before: Rp 49.000), CTR ≥ 2%."""
    metric, before = str(row["metric"]), row.get("baseline")
    text = _("{metric} {sign} {target}").format(
        metric=metric.upper() if metric in ABBREVIATIONS else metric,
        sign="≤" if metric in LOWER_IS_BETTER else "≥",
        target=_measured(metric, row["target"], currency, formats),
    )
    if before is None:
        return text
    return _("{text} (before: {before})").format(text=text, before=_measured(metric, before, currency, formats))


def _measured(metric: str, value: float, currency: str, formats: Formats) -> str:
    """A metric's value in its unit, as the workspace writes it."""
    if metric in MONEY:
        return formats.money(Money(round(value * 10 ** exponent(currency)), currency))
    if metric in SHARES:
        return formats.percent(value, _digits(value * 100))
    return formats.number(value, _digits(value))


def _digits(value: float) -> int:
    """As many digits behind the point as the value has, but no more than two."""
    return next((n for n in (0, 1) if abs(round(value, n) - value) < 10**-6), 2)


def _links(card: Card, reader: Reader) -> Iterator[Related]:
    for link in card.links:
        other = reader.get("cards", link.card)
        if other:
            yield Related(link.relation.replace("_", " "), other["ref"], other["title"])
