"""Commands: what someone may ask for. Plain frozen data: key, command line, import and rule all make the same ones.

Values are JSON values as documents hold them (a day is "2026-09-19", money an integer of minor units). Cards are named
by their document id; the edges resolve refs like ORD-0042.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from opstui.domain.model import Draft, Movement, Product


class CreateCard(Struct, frozen=True, kw_only=True):
    """A new card at the end of a stage (by default the board's first)."""

    board: str
    title: str
    fields: dict[str, Any] = field(default_factory=dict)
    stage: str = ""


class EditCard(Struct, frozen=True, kw_only=True):
    """Set fields. Where `base` holds the value the editor saw, another present value is a Conflict, not overwritten.

    Assigning, due, priority and tags are edits of one field.
    """

    card: int
    values: dict[str, Any]
    base: dict[str, Any] = field(default_factory=dict)


class MoveCard(Struct, frozen=True, kw_only=True):
    """Put a card into a stage, above the card `before`, else at the `top` or the end; in its own stage: reorder.

    `seen_in` is the stage it was seen in by who asks: when it has been moved meanwhile, the move is refused.
    """

    card: int
    stage: str
    before: int | None = None
    top: bool = False
    seen_in: str = ""


class BlockCard(Struct, frozen=True, kw_only=True):
    """Say why a card cannot go on and whom it waits for."""

    card: int
    reason: str
    waiting_on: str = ""


class UnblockCard(Struct, frozen=True, kw_only=True):
    """The card can go on."""

    card: int


class AddComment(Struct, frozen=True, kw_only=True):
    """Say something on a card."""

    card: int
    text: str


class AddCheck(Struct, frozen=True, kw_only=True):
    """Add a checklist item."""

    card: int
    text: str


class TickCheck(Struct, frozen=True, kw_only=True):
    """Tick a checklist item, or untick it."""

    card: int
    item: int
    done: bool = True


class EditCheck(Struct, frozen=True, kw_only=True):
    """Say a checklist item in other words."""

    card: int
    item: int
    text: str


class RemoveCheck(Struct, frozen=True, kw_only=True):
    """Take an item off the checklist."""

    card: int
    item: int


class MoveCheck(Struct, frozen=True, kw_only=True):
    """Put a checklist item above the item `before`, else to the end."""

    card: int
    item: int
    before: int | None = None


class LinkCards(Struct, frozen=True, kw_only=True):
    """Relate two cards; shown on both."""

    card: int
    other: int
    relation: str = "relates"


class UnlinkCards(Struct, frozen=True, kw_only=True):
    """Take a relation away."""

    card: int
    other: int
    relation: str = "relates"


class ArchiveCard(Struct, frozen=True, kw_only=True):
    """Put a card away; nothing is ever deleted."""

    card: int


class RestoreCard(Struct, frozen=True, kw_only=True):
    """Take a card back from the archive."""

    card: int


class Undo(Struct, frozen=True, kw_only=True):
    """Take back batch `batch`, but for what it did to the cards `without`. Redo is the undoing of an undo."""

    batch: int
    without: tuple[int, ...] = ()


class ImportCard(Struct, frozen=True, kw_only=True):
    """Make a card of a foreign record, with its own history; an identical record known already changes nothing."""

    draft: Draft


class ImportStock(Struct, frozen=True, kw_only=True):
    """Add a product (by sku) and the movements of it that are not known yet."""

    product: Product
    movements: tuple[Movement, ...] = ()


class DraftPostmortem(Struct, frozen=True, kw_only=True):
    """Begin the post-mortem of a card; a card that has one keeps it, and takes another `severity` (SEV1 to SEV4)."""

    card: int
    severity: str = ""


class WriteSection(Struct, frozen=True, kw_only=True):
    """What a section of a post-mortem says. `base` is what the writer saw; `sure` confirms what was made from facts."""

    postmortem: int
    section: str
    text: str
    base: str | None = None
    sure: bool | None = None


class AddPart(Struct, frozen=True, kw_only=True):
    """An action, a factor or a lesson of a post-mortem (see `domain.parts.FIELDS`)."""

    postmortem: int
    sort: str
    values: dict[str, Any]


class EditPart(Struct, frozen=True, kw_only=True):
    """Set fields of a part; where `base` holds what the editor saw, another present value is refused."""

    part: int
    values: dict[str, Any]
    base: dict[str, Any] = field(default_factory=dict)


class RemovePart(Struct, frozen=True, kw_only=True):
    """Take a part off its list."""

    part: int


class PublishPostmortem(Struct, frozen=True, kw_only=True):
    """Make a post-mortem final: cards of its actions, playbook entries of its lessons."""

    postmortem: int


class SkipPostmortem(Struct, frozen=True, kw_only=True):
    """Say why there is no post-mortem of something that should have one."""

    postmortem: int
    reason: str


class MarkCard(Struct, frozen=True, kw_only=True):
    """Say that something happened on a card (`domain.sections.MARKS`), now or `at` an ISO time with its zone."""

    card: int
    mark: str
    at: str = ""
    note: str = ""


class StarEvent(Struct, frozen=True, kw_only=True):
    """Say that what a batch did to a card belongs into its story; `on` False takes it back."""

    card: int
    batch: int
    on: bool = True


class AddMember(Struct, frozen=True, kw_only=True):
    """Let someone in, with a role."""

    name: str
    role: str


class SaveFilter(Struct, frozen=True, kw_only=True):
    """Share a filter under a name; with `filter`, the id of one that is there, change that. `board` "" is any.

    `base` is the query that whoever changes it saw; where it reads otherwise by now it is not written over.
    """

    name: str
    query: str
    board: str = ""
    filter: int | None = None
    base: str = ""


class RemoveFilter(Struct, frozen=True, kw_only=True):
    """Take a shared filter away."""

    filter: int


class RecordFigures(Struct, frozen=True, kw_only=True):
    """A campaign's figures of one day on one channel. `figures` are by name (money in minor units of `currency`).

    Typed again for that day, channel and currency they stand in the place of what was there; others stay.
    """

    card: int
    day: str
    channel: str
    currency: str
    figures: dict[str, Any]


class NoteBreach(Struct, frozen=True, kw_only=True):
    """A promise about a card ran out at `due`: that of the first answer or of the solution, of so many open minutes."""

    card: int
    clock: str
    due: datetime
    minutes: float


class SetTarget(Struct, frozen=True, kw_only=True):
    """What a KPI should be, in its unit (money in major units); None: it has no target any more."""

    kpi: str
    value: float | None


CardCommand = (
    EditCard | MoveCard | BlockCard | UnblockCard | AddComment | AddCheck | TickCheck | EditCheck | RemoveCheck
    | MoveCheck | LinkCards | UnlinkCards | ArchiveCard | RestoreCard | DraftPostmortem | RecordFigures | NoteBreach
    | MarkCard | StarEvent
)  # fmt: skip
PostmortemCommand = WriteSection | AddPart | EditPart | RemovePart | PublishPostmortem | SkipPostmortem
Command = (
    CreateCard | CardCommand | PostmortemCommand | Undo | ImportCard | ImportStock | AddMember | SaveFilter
    | RemoveFilter | SetTarget
)  # fmt: skip
