"""Commands: what someone may ask for. Plain frozen data: key, command line, import and rule all make the same ones.

Values are JSON values as documents hold them (a day is "2026-09-19", money an integer of minor units). Cards are named
by their document id; the edges resolve refs like ORD-0042.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from opstui.domain.model import Draft, Movement, Product


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCard:
    """A new card at the end of a stage (by default the board's first)."""

    board: str
    title: str
    fields: dict[str, Any] = field(default_factory=dict)
    stage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCard:
    """Set fields. Where `base` holds the value the editor saw, another present value is a Conflict, not overwritten.

    Assigning, due, priority and tags are edits of one field.
    """

    card: int
    values: dict[str, Any]
    base: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCard:
    """Put a card into a stage, above the card `before`, else at the `top` or the end; in its own stage: reorder."""

    card: int
    stage: str
    before: int | None = None
    top: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCard:
    """Say why a card cannot go on and whom it waits for."""

    card: int
    reason: str
    waiting_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockCard:
    """The card can go on."""

    card: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddComment:
    """Say something on a card."""

    card: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCheck:
    """Add a checklist item."""

    card: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TickCheck:
    """Tick a checklist item, or untick it."""

    card: int
    item: int
    done: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCards:
    """Relate two cards; shown on both."""

    card: int
    other: int
    relation: str = "relates"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkCards:
    """Take a relation away."""

    card: int
    other: int
    relation: str = "relates"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveCard:
    """Put a card away; nothing is ever deleted."""

    card: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreCard:
    """Take a card back from the archive."""

    card: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Take back batch `batch`. Redo is the undoing of an undo."""

    batch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCard:
    """Make a card of a foreign record, with its own history; an identical record known already changes nothing."""

    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStock:
    """Add a product (by sku) and the movements of it that are not known yet."""

    product: Product
    movements: tuple[Movement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPostmortem:
    """Begin the post-mortem of a card; a card that has one keeps it."""

    card: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember:
    """Let someone in, with a role."""

    name: str
    role: str


CardCommand = (
    EditCard | MoveCard | BlockCard | UnblockCard | AddComment | AddCheck | TickCheck | LinkCards | UnlinkCards
    | ArchiveCard | RestoreCard | DraftPostmortem
)  # fmt: skip
Command = CreateCard | CardCommand | Undo | ImportCard | ImportStock | AddMember
