"""The nouns: one generic card with typed details.

Boards differ in data, not in verbs, so there is one `Card` and the part that differs is its `details`. On disk a
card is one flat TinyDB document (the card's own fields and those of its details side by side, defaults left out):
edits are journalled per field, so two people who change different fields never collide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct, field
from msgspec.structs import fields

from opstui.i18n import _

Doc = dict[str, Any]
"""A document as TinyDB holds it: JSON values only, times as ISO 8601 UTC, days as ISO dates."""

Category = Literal["queue", "active", "done", "dropped"]
Priority = Literal["low", "normal", "high", "urgent"]


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A request that was not carried out. Its text says why and what to do next, for people."""


class Conflict(Refused):
    """Someone else changed the same field since the editor read it.

    `field` is the field's name, `theirs` what stands there now, `mine` what was asked for.
    """

    def __init__(self, ref: str, name: str, theirs: Any, mine: Any) -> None:
        """Keep both values: the console shows them side by side."""
        super().__init__(
            _("{ref}: {field} was changed by someone else meanwhile; nothing was overwritten").format(
                ref=ref, field=name
            )
        )
        self.field, self.theirs, self.mine = name, theirs, mine


class Actor(Struct, frozen=True):
    """Who asks: a member's name and role."""

    name: str
    role: str


class Money(Struct, frozen=True):
    """An amount in integer minor units with its currency; amounts of two currencies are never added."""

    amount: int
    currency: str


class Blocker(Struct, frozen=True):
    """Why a card cannot go on, whom or what it waits for, and since when."""

    reason: str
    since: datetime
    waiting_on: str = ""


class Check(Struct, frozen=True):
    """One checklist item. `id` is unique within its card."""

    id: int
    text: str
    done: bool = False
    playbook: str = ""
    """The playbook entry that asks for it: a campaign cannot go live before it is ticked."""


class Mark(Struct, frozen=True):
    """Something that happened on a card at a moment: one of `domain.sections.MARKS`."""

    mark: str
    at: datetime
    note: str = ""


class Link(Struct, frozen=True):
    """A relation to another card (by document id): blocks, relates, caused_by, duplicate_of, about."""

    relation: str
    card: int


class Line(Struct, frozen=True):
    """One line of an order. `price` is per piece, in minor units of the order's currency."""

    name: str
    quantity: int
    price: int = 0
    sku: str = ""


class Touch(Struct, frozen=True):
    """A channel that a customer met before an order, and the day where it is known."""

    channel: str
    day: date | None = None


class Target(Struct, frozen=True):
    """A campaign's KPI as its brief fixed it. `metric` is a metric id (cpa, roas, ctr, revenue, conversions ...)."""

    metric: str
    target: float
    baseline: float | None = None


class TestArm(Struct, frozen=True):
    """One arm of an experiment: how many people it had, and how many of them did what was hoped for."""

    label: str
    people: int
    hits: int


class Experiment(Struct, frozen=True, kw_only=True):
    """A test on a campaign, of `metric` in words. The first arm is what was there before.

    `planned` people an arm, the days, and `lift` (relative: 0.2 is 5 % to 6 %) are what was decided before; what is
    not known is None.
    """

    name: str
    arms: tuple[TestArm, ...]
    planned: int | None = None
    starts: date | None = None
    ends: date | None = None
    lift: float | None = None
    metric: str = ""


class Order(Struct, frozen=True, kw_only=True):
    """Details of an order. `total` is in minor units of `currency`."""

    customer: str = ""
    phone: str = ""
    email: str = ""
    buyer: str = ""
    """The customer's id at the marketplace or shop."""
    channel: str = ""
    lines: tuple[Line, ...] = ()
    total: int = 0
    currency: str = ""
    payment: Literal["unpaid", "paid", "cod", "refunded"] = "unpaid"
    city: str = ""
    courier: str = ""
    tracking: str = ""
    touches: tuple[Touch, ...] = ()
    """What led to it, the first contact first."""


class Campaign(Struct, frozen=True, kw_only=True):
    """Details of a campaign: its brief. `budget` in minor units of `currency`; runs `starts` to `ends`, inclusive."""

    objective: str = ""
    audience: str = ""
    message: str = ""
    call_to_action: str = ""
    hypothesis: str = ""
    sponsor: str = ""
    channels: tuple[str, ...] = ()
    budget: int = 0
    currency: str = ""
    starts: date | None = None
    ends: date | None = None
    targets: tuple[Target, ...] = ()
    experiments: tuple[Experiment, ...] = ()


class Feedback(Struct, frozen=True, kw_only=True):
    """Details of a message from a customer. The text itself is the card's description.

    `score` is 1 to 5; `nps`, 0 to 10, says whether they would recommend the shop.
    """

    customer: str = ""
    channel: str = ""
    sort: Literal["complaint", "question", "praise", "idea", "review"] = "question"
    severity: Literal["low", "normal", "high", "critical"] = "normal"
    theme: str = ""
    score: int | None = None
    nps: int | None = None
    first_response: datetime | None = None


class Action(Struct, frozen=True, kw_only=True):
    """Details of an action: the post-mortem it comes from and how one sees that it is done."""

    postmortem: str = ""
    type: Literal["mitigate", "prevent", "detect", "process", "repair"] = "process"
    done_when: str = ""


Details = Order | Campaign | Feedback | Action
DETAILS: dict[str, type[Order | Campaign | Feedback | Action]] = {
    "order": Order,
    "campaign": Campaign,
    "feedback": Feedback,
    "action": Action,
}
"""Board kind -> the type of its cards' details."""


class CardCore(Struct, frozen=True, kw_only=True):
    """What every card has, whatever its board."""

    id: int
    ref: str
    """What people say and type: ORD-0042. Never reused."""
    kind: str
    board: str
    stage: str
    title: str
    created: datetime
    entered: datetime
    """When it entered its present stage."""
    rank: float
    description: str = ""
    owner: str = ""
    priority: Priority = "normal"
    due: date | None = None
    """The last day on which it is on time, in the workspace zone."""
    tags: tuple[str, ...] = ()
    blocker: Blocker | None = None
    checklist: tuple[Check, ...] = ()
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()
    """By time."""
    stars: tuple[int, ...] = ()
    """Batches whose news about this card belongs into its story."""
    sensitive: bool = False
    archived: bool = False
    put_away: datetime | None = None
    """When it was archived; an older opstui did not keep it."""
    unmade: bool = False
    """Its making was undone: it is in the archive, and in no figure."""
    version: int = 1
    source: str = ""
    external_id: str = ""
    breached: dict[str, datetime] | None = None
    """Promises to a customer that ran out (first_response, resolution), and when."""


class Card(CardCore, frozen=True, kw_only=True):
    """A card with its typed details."""

    details: Details


_CORE = tuple(f.name for f in fields(CardCore))


def card_from(doc: Doc) -> Card:
    """The typed card in a flat document.

    Raises:
        msgspec.ValidationError: a field has the wrong type; the text names it.

    """
    core = msgspec.convert(doc, CardCore)
    details = msgspec.convert(doc, DETAILS[core.kind])
    return Card(details=details, **{name: getattr(core, name) for name in _CORE})


def plain(value: Any) -> Any:
    """A typed value as JSON values (times as ISO 8601 UTC, days as ISO dates, tuples as lists)."""
    return msgspec.json.decode(msgspec.json.encode(value))


def utc(text: str) -> datetime:
    """A stored time as an aware datetime."""
    return datetime.fromisoformat(text)


# --------------------------------------------------------------------------------------- fields, as data


Shape = Literal["text", "long", "choice", "member", "date", "money", "number", "tags", "bool", "list", "time"]


class Field(Struct, frozen=True):
    """An editable field: its name in the document, how people name it, and the shape forms and `--set` expect."""

    name: str
    label: str
    shape: Shape = "text"
    choices: tuple[str, ...] = ()


COMMON: tuple[Field, ...] = (
    Field("title", "Title"),
    Field("description", "Description", "long"),
    Field("owner", "Owner", "member"),
    Field("priority", "Priority", "choice", ("low", "normal", "high", "urgent")),
    Field("due", "Due", "date"),
    Field("tags", "Tags", "tags"),
    Field("sensitive", "Sensitive", "bool"),
)
SPECIFIC: dict[str, tuple[Field, ...]] = {
    "order": (
        Field("customer", "Customer"),
        Field("phone", "Phone"),
        Field("email", "E-mail"),
        Field("buyer", "Customer id"),
        Field("channel", "Channel"),
        Field("total", "Total", "money"),
        Field("currency", "Currency"),
        Field("payment", "Payment", "choice", ("unpaid", "paid", "cod", "refunded")),
        Field("city", "City"),
        Field("courier", "Courier"),
        Field("tracking", "Tracking"),
        Field("lines", "Lines", "list"),
        Field("touches", "Led to it", "list"),
    ),
    "campaign": (
        Field("objective", "Objective", "long"),
        Field("audience", "Audience"),
        Field("message", "Key message"),
        Field("call_to_action", "Call to action"),
        Field("hypothesis", "Hypothesis"),
        Field("sponsor", "Sponsor", "member"),
        Field("channels", "Channels", "tags"),
        Field("budget", "Budget", "money"),
        Field("currency", "Currency"),
        Field("starts", "Starts", "date"),
        Field("ends", "Ends", "date"),
        Field("targets", "Targets", "list"),
        Field("experiments", "Experiments", "list"),
    ),
    "feedback": (
        Field("customer", "Customer"),
        Field("channel", "Channel"),
        Field("sort", "Kind", "choice", ("complaint", "question", "praise", "idea", "review")),
        Field("severity", "Severity", "choice", ("low", "normal", "high", "critical")),
        Field("theme", "Theme"),
        Field("score", "Score", "number"),
        Field("nps", "Would recommend", "number"),
        Field("first_response", "First response", "time"),
    ),
    "action": (
        Field("postmortem", "Post-mortem"),
        Field("type", "Type", "choice", ("mitigate", "prevent", "detect", "process", "repair")),
        Field("done_when", "Done when"),
    ),
}


def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields a person may set on a card of this kind, the common ones first."""
    return (*COMMON, *SPECIFIC[kind])


# --------------------------------------------------------------------------------------- hostile text

_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_HOSTILE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
TITLE_LIMIT = 200
TEXT_LIMIT = 100_000


def clean(text: str) -> str:
    """Text from people without what could harm a terminal or hide: controls, C1, bidi, zero-width, lone surrogates.

    NFC; every kind of line end becomes a newline, a tab a space (domain spec B.6).
    """
    return unicodedata.normalize("NFC", _HOSTILE.sub("", _LINE_ENDS.sub("\n", text)).replace("\t", " "))


def clean_line(text: str) -> str:
    """`clean` on one line: every run of white space is one space."""
    return " ".join(clean(text).split())


# --------------------------------------------------------------------------------------- money

_WHOLE = "BIF CLP DJF GNF IDR ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENT = dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_THOUSANDTHS.split(), 3)


def exponent(currency: str) -> int:
    """Digits behind the decimal mark (ISO 4217; the rupiah is kept whole, as the trade does)."""
    return _EXPONENT.get(currency, 2)


WORTH = {"order": "total", "campaign": "budget"}
"""Kind of card -> the field that a lane adds up."""


def worth(doc: Doc) -> tuple[str, int]:
    """Currency and amount, in minor units, that a card's document adds to its lane; ("", 0) when it adds nothing."""
    kind = doc.get("kind")
    amount = doc.get(WORTH.get(kind, "")) if isinstance(kind, str) else 0
    if type(amount) is not int or not amount:
        return "", 0
    currency = doc.get("currency")
    return currency if isinstance(currency, str) else "", amount


def add_up(docs: Iterable[Doc]) -> dict[str, int]:
    """What cards are worth together: currency -> minor units."""
    sums: dict[str, int] = {}
    for currency, amount in map(worth, docs):
        if amount:
            sums[currency] = sums.get(currency, 0) + amount
    return sums


SEARCHED = ("ref", "title", "customer", "owner", "description")
BETWEEN = "\x1f"
"""Stands between the parts of a card's text; people cannot type it, and `clean` takes it out."""


def search_text(doc: Doc) -> str:
    """What a word is looked for in: a card's texts, casefolded."""
    parts = [doc.get(name) for name in SEARCHED]
    tags = doc.get("tags")
    parts += tags if isinstance(tags, list) else ()
    return BETWEEN.join([text for text in parts if isinstance(text, str) and text]).casefold()


SHOP = "shop"
"""The source and the channel of what the shop itself sold: no campaign's figures, and never added to them."""


class MetricRow(Struct, frozen=True, kw_only=True):
    """One day of one campaign on one channel. Money in minor units of `currency`; `reach` is never added over rows."""

    day: date
    channel: str
    currency: str
    spend: int = 0
    impressions: int = 0
    clicks: int = 0
    conversions: float = 0
    revenue: int = 0
    reach: int | None = None
    leads: int = 0


class Product(Struct, frozen=True, kw_only=True):
    """Something in stock. What is on hand is the sum of its movements, never typed.

    A delivery takes `lead_days` on average, with a standard deviation of `lead_spread` days (0 days: not known yet),
    and comes in packs of `pack` pieces.
    """

    sku: str
    name: str
    minimum: int = 0
    lead_days: float = 0
    lead_spread: float = 0
    pack: int = 1


class Movement(Struct, frozen=True, kw_only=True):
    """A change of stock. `quantity` is signed: in and found positive, out and lost negative; a `reserve` holds it."""

    sku: str
    at: datetime
    quantity: int
    sort: Literal["in", "out", "reserve", "adjust"] = "out"
    note: str = ""


class Past(Struct, frozen=True, kw_only=True):
    """One thing that happened to an imported record: entering a stage, or an edit, a comment, a block.

    `sort` is stage (value: stage id), comment (text), blocked ("reason" or "reason | whom it waits for"), unblocked,
    assigned (owner), or due (ISO date).
    """

    at: datetime
    sort: Literal["stage", "comment", "blocked", "unblocked", "assigned", "due"]
    value: str = ""
    by: str = ""


class Draft(Struct, frozen=True, kw_only=True):
    """A record of a foreign system, ready to become a card. Imported again, one (source, external_id) adds nothing.

    `fields` are plain document values by field name; `history` is in order of time and begins with the entry to its
    first stage; `links` name other records of the same source; `metrics` are daily rows for a campaign.
    """

    source: str
    external_id: str
    board: str
    title: str
    created: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    history: tuple[Past, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """(relation, external id)"""
    metrics: tuple[MetricRow, ...] = ()
