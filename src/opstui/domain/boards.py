"""Boards are data: their stages, limits and rules. A shopkeeper may edit all of it in opstui.toml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Literal

from opstui.domain.model import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A column of a board. `wip` limits how many cards it should hold; `expected_hours` is what the SOP promises."""

    id: str
    name: str
    category: Category = "active"
    wip: int | None = None
    wip_policy: Literal["warn", "block"] = "warn"
    expected_hours: float | None = None
    sla_hours: float | None = None
    owner_role: str = ""
    exit: tuple[str, ...] = ()
    sop: str = ""

    @property
    def ends(self) -> bool:
        """Whether work is over for the cards in it, done or dropped; the others are open."""
        return self.category in ("done", "dropped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board: its cards' kind, the prefix of their refs, and its stages from left to right."""

    id: str
    name: str
    kind: Literal["order", "campaign", "feedback", "action"]
    prefix: str
    stages: tuple[Stage, ...]

    def stage(self, stage_id: str) -> Stage | None:
        """The stage of that id."""
        return next((s for s in self.stages if s.id == stage_id), None)

    def beside(self, stage_id: str, step: int) -> Stage | None:
        """The next stage to the right (`step` 1) or left (-1). Dropped ones are passed over: work flows past them.

        From a stage that the board no longer has it is the first (or last) one.
        """
        at = next((i for i, s in enumerate(self.stages) if s.id == stage_id), -1 if step > 0 else len(self.stages))
        row = self.stages[at + 1 :] if step > 0 else self.stages[:at][::-1]
        return next((s for s in row if s.category != "dropped"), None)

    @property
    def dropped(self) -> Stage | None:
        """Where a card goes that is cancelled, stopped or declined."""
        return next((s for s in self.stages if s.category == "dropped"), None)

    def category(self, stage_id: str) -> Category:
        """What kind of place a stage is; one no longer on the board counts as active: its cards stay visible."""
        stage = self.stage(stage_id)
        return stage.category if stage else "active"

    def ends(self, stage_id: str) -> bool:
        """Whether work is over for the cards in a stage."""
        stage = self.stage(stage_id)
        return stage is not None and stage.ends


def first_of(boards: Iterable[Board], kind: str) -> Board | None:
    """The first board of a kind."""
    return next((board for board in boards if board.kind == kind), None)


def with_strays(board: Board, stage_ids: Iterable[str]) -> Board:
    """The board with a last lane for each of these stages that its settings no longer have: no card goes unseen."""
    known = {stage.id for stage in board.stages}
    strays = tuple(Stage(id=stray, name=stray) for stray in stage_ids if stray not in known)
    return replace(board, stages=(*board.stages, *strays)) if strays else board


def _stages(*rows: tuple[str, str, Category] | tuple[str, str, Category, int]) -> tuple[Stage, ...]:
    return tuple(Stage(id=r[0], name=r[1], category=r[2], wip=r[3] if len(r) == 4 else None) for r in rows)  # noqa: PLR2004


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What decide needs to know of a workspace's settings."""

    boards: tuple[Board, ...]
    currency: str
    zone: tzinfo = UTC
    """Where its days begin."""

    def board(self, board_id: str) -> Board | None:
        """The board of that id."""
        return next((b for b in self.boards if b.id == board_id), None)


DEFAULT_BOARDS: tuple[Board, ...] = (
    Board(
        id="orders",
        name="Orders",
        kind="order",
        prefix="ORD",
        stages=_stages(
            ("new", "New", "queue"),
            ("payment", "Payment", "active", 10),
            ("stock", "Stock", "active", 8),
            ("processing", "Processing", "active", 10),
            ("shipping", "Shipping", "active", 20),
            ("closed", "Closed", "done"),
            ("cancelled", "Cancelled", "dropped"),
        ),
    ),
    Board(
        id="campaigns",
        name="Campaigns",
        kind="campaign",
        prefix="CMP",
        stages=_stages(
            ("brief", "Brief", "queue"),
            ("production", "Production", "active", 4),
            ("approval", "Approval", "active", 3),
            ("scheduled", "Scheduled", "active"),
            ("live", "Live", "active", 4),
            ("postmortem", "Post-mortem", "active", 3),
            ("archive", "Archive", "done"),
            ("stopped", "Stopped", "dropped"),
        ),
    ),
    Board(
        id="feedback",
        name="Feedback",
        kind="feedback",
        prefix="FDB",
        stages=_stages(
            ("inbox", "Inbox", "queue"),
            ("triage", "Triage", "active", 10),
            ("planned", "Planned", "queue"),
            ("in_progress", "In progress", "active", 8),
            ("replied", "Replied", "active"),
            ("closed", "Closed", "done"),
            ("declined", "Declined", "dropped"),
        ),
    ),
    Board(
        id="actions",
        name="Actions",
        kind="action",
        prefix="ACT",
        stages=_stages(("todo", "To do", "queue"), ("doing", "Doing", "active", 5), ("done", "Done", "done")),
    ),
)
