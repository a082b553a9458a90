"""What a board shows: its lanes with their counts and sums, and the face of each card, as plain frozen values.

Lanes are computed one by one, so that a move costs two of them (`BoardView.with_lane`); faces only for the cards on
screen. The widget that draws them knows nothing of orders or campaigns: what matters on a board's cards is said here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain.boards import Board, Stage, with_strays
from opstui.domain.model import Action, Campaign, Card, Doc, Feedback, Money, Order, search_text
from opstui.domain.state import Reader
from opstui.formats import Formats, short_age
from opstui.i18n import _
from opstui.projections.arrangement import Arrangement
from opstui.projections.search import Search
from opstui.projections.sorting import Sort

Predicate = Callable[[Doc], bool]


class Filter(Struct, frozen=True):
    """What a query asks of a card: `words` must stand in its text, which the store finds quickly; `rest` must hold.

    `hints` are words that stand in the text of every card for which `rest` holds: they spare looking at the others.
    """

    words: tuple[str, ...]
    rest: Predicate | None = None
    hints: tuple[str, ...] = ()
    reads: frozenset[str] | None = None
    """The only fields of a card that `rest` reads; None: any."""

    def __call__(self, doc: Doc) -> bool:
        """Whether the card of this document is let through."""
        if self.words:
            text = search_text(doc)
            if not all(word in text for word in self.words):
                return False
        return self.rest is None or self.rest(doc)


class LaneView(Struct, frozen=True):
    """The cards of one stage that are shown (`ids`), how many it holds in all (`total`), and their sums by currency.

    While a search is going on it is not `settled`: there may be more, and their sum is not known.
    """

    stage: Stage
    ids: Sequence[int]
    total: int
    sums: tuple[Money, ...] = ()
    filtered: bool = False
    sort: Sort | None = None
    """How `ids` are sorted; None for as people put them."""
    pending: bool = False
    """They are still in another order: the right one is being made."""
    breaks: tuple[int, ...] = ()
    """Where in `ids` each of the board's bands begins, and where the last one ends."""
    average: float | None = None
    """Of the numeric field that was asked for."""
    settled: bool = True

    @property
    def over(self) -> bool:
        """It holds more cards than its limit allows."""
        return self.stage.wip is not None and self.total > self.stage.wip


class Band(Struct, frozen=True):
    """A swimlane: the cards of all lanes that say the same in one field (`value`), and how people call it."""

    value: str
    label: str
    count: int
    sums: tuple[Money, ...] = ()
    folded: bool = False
    """Only its header is shown."""


class BoardView(Struct, frozen=True):
    """A board's lanes from left to right; cut into bands from top to bottom, if it has any."""

    board: Board
    lanes: tuple[LaneView, ...]
    bands: tuple[Band, ...] = ()

    @property
    def shown(self) -> int:
        """How many cards the filter lets through."""
        return sum(len(lane.ids) for lane in self.lanes)

    @property
    def total(self) -> int:
        """How many cards the board holds, archived ones left out."""
        return sum(lane.total for lane in self.lanes)

    def with_lane(self, lane: LaneView) -> BoardView:
        """The same board with one lane computed anew; a lane of a stage that was not shown joins in its place."""
        rest = {known.stage.id: known for known in self.lanes} | {lane.stage.id: lane}
        order = [stage.id for stage in with_strays(self.board, sorted(rest)).stages]
        return replace(self, lanes=tuple(rest[s] for s in order if s in rest and _worth_showing(rest[s], self.board)))


def _worth_showing(lane: LaneView, board: Board) -> bool:
    stray = board.stage(lane.stage.id) is None
    return lane.total > 0 or (lane.stage.category != "dropped" and not stray)


def lane_view(
    reader: Reader,
    board: Board,
    stage: Stage,
    predicate: Predicate | Search | None = None,
    arranged: Arrangement | None = None,
) -> LaneView:
    """One lane, in the order people gave it or as `arranged`.

    Only a filter reads its cards: a lane's order and what it is worth are kept by the store.
    """
    ids = reader.lane(board.id, stage.id) if arranged is None else arranged.ids
    sort = arranged.order.sort if arranged else None
    if predicate is None:
        sums, average = _money(reader.lane_sums(board.id, stage.id)), arranged.average() if arranged else None
        return LaneView(stage, ids, len(ids), sums, sort=sort, average=average)
    settled = not isinstance(predicate, Search) or predicate.settled
    found = predicate.of(ids) if isinstance(predicate, Search) else tuple(_matching(reader, ids, predicate))
    sums, average = (), None
    if settled:
        sums, average = _money(reader.sums_of(found)), arranged.average(found) if arranged else None
    return LaneView(stage, found, len(ids), sums, filtered=True, settled=settled, sort=sort, average=average)


def _matching(reader: Reader, ids: Sequence[int], predicate: Predicate) -> Iterable[int]:
    """The cards that a filter lets through, in their order."""
    found: Iterable[int] = ids
    rest: Predicate | None = predicate
    if isinstance(predicate, Filter) and predicate.words:
        hits, rest = reader.search(predicate.words), predicate.rest
        found = (card for card in ids if card in hits)
    if rest is None:
        return found
    return (card for card in found if (doc := reader.get("cards", card)) is not None and rest(doc))


def _money(sums: Mapping[str, int]) -> tuple[Money, ...]:
    return tuple(Money(amount, currency) for currency, amount in sorted(sums.items()) if amount)


NONE_ARRANGED: Mapping[str, Arrangement] = {}


def board_view(
    reader: Reader,
    board: Board,
    predicate: Predicate | Search | None = None,
    arranged: Mapping[str, Arrangement] = NONE_ARRANGED,
) -> BoardView:
    """All lanes; `arranged` those that are not as people put them, by stage.

    Stages that drop work (cancelled, declined) appear only when they hold something. Cards of a stage that the settings
    no longer have stand in a lane of their own behind the others.
    """
    stages = with_strays(board, reader.stages(board.id)).stages
    lanes = (lane_view(reader, board, stage, predicate, arranged.get(stage.id)) for stage in stages)
    return BoardView(board, tuple(lane for lane in lanes if _worth_showing(lane, board)))


# --------------------------------------------------------------------------------------- faces


class Face(Struct, frozen=True, kw_only=True):
    """What a card says on the board, part by part; every text is one line, marks are left to the one who draws."""

    card: int
    ref: str
    title: str
    """What people look for: an order's customer, else the card's title."""
    amount: str = ""
    """Right of the ref: money, a score, or a severity."""
    alarm: bool = False
    """The amount itself is worth an alarm (a critical complaint)."""
    detail: str = ""
    channel: str = ""
    tags: tuple[str, ...] = ()
    when: str = ""
    """The due day, or when it reached its end."""
    is_due: bool = False
    """`when` is a due day."""
    late: bool = False
    blocked: str = ""
    """What it waits for; empty when it can go on."""
    waiting: str = ""
    """How long it has been blocked."""
    age: str = ""
    """How long it has been in its stage; empty in stages that end the work."""
    owner: str = ""
    mine: bool = False
    sensitive: bool = False
    priority: str = "normal"
    others: str = ""
    """Who else is looking at it just now."""
    extra: tuple[str, ...] = ()
    """What else someone wants to see of it."""


def face(card: Card, *, board: Board, today: date, now: datetime, me: str, formats: Formats, others: str = "") -> Face:
    """The face of a card on its board. `today` is the day in the workspace zone, `now` an aware time."""
    category = board.category(card.stage)
    is_open = category in ("queue", "active")
    late = is_open and card.due is not None and card.due < today
    blocker = card.blocker
    common = Face(
        card=card.id,
        ref=card.ref,
        title=card.title,
        tags=card.tags,
        when=_when(card, formats, today, is_open=is_open),
        is_due=is_open and card.due is not None,
        late=late,
        blocked=(blocker.waiting_on or blocker.reason) if blocker and is_open else "",
        waiting=short_age(now - blocker.since) if blocker else "",
        age=short_age(now - card.entered) if is_open else "",
        owner=card.owner,
        mine=bool(card.owner) and card.owner == me,
        sensitive=card.sensitive,
        priority=card.priority,
        others=others,
    )
    return _particular(card, common, formats, today)


def _when(card: Card, formats: Formats, today: date, *, is_open: bool) -> str:
    if is_open:
        return formats.day(card.due, today) if card.due else ""
    day = formats.local(card.entered).date()
    return formats.time(card.entered) if day == today else formats.day(day, today)


def _particular(card: Card, common: Face, formats: Formats, today: date) -> Face:
    """What a face says because of its board."""
    match card.details:
        case Order() as order:
            amount = formats.amount(Money(order.total, order.currency)) if order.total else ""
            detail = _own_words(card.title, order) or _lines(order)
            return replace(
                common, title=order.customer or card.title, amount=amount, detail=detail, channel=order.channel
            )
        case Campaign() as campaign:
            amount = formats.amount(Money(campaign.budget, campaign.currency)) if campaign.budget else ""
            detail = _run(campaign, formats, today) or campaign.objective
            return replace(common, amount=amount, detail=detail, channel=", ".join(campaign.channels))
        case Feedback() as feedback:
            grave = feedback.severity in ("high", "critical")
            amount = _("{n}/5").format(n=feedback.score) if feedback.score is not None else ""
            amount = _(feedback.severity) if grave else amount
            detail = feedback.customer or card.description
            theme = feedback.theme or _(feedback.sort)
            channel = " · ".join(part for part in (theme, feedback.channel) if part)
            return replace(
                common, amount=amount, alarm=feedback.severity == "critical", detail=_one_line(detail), channel=channel
            )
        case Action() as action:
            return replace(common, detail=action.done_when, channel=action.postmortem or action.type)


_FIRST_WORDS = 120


def _one_line(text: str) -> str:
    return " ".join(text[:_FIRST_WORDS].split())


_WORD = re.compile(r"\w+")


def _own_words(title: str, order: Order) -> str:
    """The title, where it says more than the customer and the lines; without the customer it begins with."""
    if not order.customer:
        return ""
    known = " ".join((order.customer, *(f"{line.quantity} x {line.name}" for line in order.lines)))
    if set(_WORD.findall(title.casefold())) <= set(_WORD.findall(known.casefold())):
        return ""
    begins = title.casefold().startswith(order.customer.casefold())
    return title[len(order.customer) :].lstrip(" ,.:;·-–—") if begins else title


def _lines(order: Order) -> str:
    """3 x Gayo 250g, and how many lines more."""
    if not order.lines:
        return ""
    first, more = order.lines[0], len(order.lines) - 1
    text = _("{n} × {name}").format(n=first.quantity, name=first.name)
    return _("{text} +{n}").format(text=text, n=more) if more else text


def _run(campaign: Campaign, formats: Formats, today: date) -> str:
    if campaign.starts is None:
        return ""
    start = formats.short_date(campaign.starts, today)
    if campaign.ends is None:
        return _("from {day}").format(day=start)
    if campaign.ends == campaign.starts:
        return start
    if (campaign.starts.year, campaign.starts.month) == (campaign.ends.year, campaign.ends.month):
        start = str(campaign.starts.day)
    return _("{start}–{end}").format(start=start, end=formats.short_date(campaign.ends, today))
