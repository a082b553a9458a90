"""What people made of a post-mortem, as rows: actions with where their cards stand, contributing factors, lessons.

Before it is published an action is a plan; afterwards its card says how far it is, and the plan is not repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from opstui.config import Settings
from opstui.domain.model import Action, Card, Doc, card_from
from opstui.domain.postmortems import PRIORITIES

_PRIORITY = {of_card: name for name, of_card in PRIORITIES.items()}


class ActionRow(Struct, frozen=True, kw_only=True):
    """An action with its present status: planned (no card yet), open, done or dropped. `priority` is P1, P2, P3.

    `ref` is that of its card, empty while there is none.
    """

    text: str
    status: str
    ref: str = ""
    type: str = ""
    priority: str = ""
    owner: str = ""
    due: date | None = None
    done_when: str = ""
    factor: str = ""
    card: Card | None = None


class FactorRow(Struct, frozen=True, kw_only=True):
    """A contributing factor. `removable` says whether it could be removed; None where nobody said."""

    ref: str
    text: str
    category: str = ""
    evidence: str = ""
    removable: bool | None = None


class LessonRow(Struct, frozen=True, kw_only=True):
    """A lesson. `keep` is keep, change, stop or test; `entry` its entry in the playbook, or the one it will change."""

    ref: str
    text: str
    keep: str = ""
    check: str = ""
    applies: tuple[str, ...] = ()
    entry: str = ""
    baseline: str = ""
    until: date | None = None


def actions(parts: Iterable[Doc], cards: Sequence[Doc], settings: Settings) -> tuple[ActionRow, ...]:
    """The actions' cards by id, then those that are still a plan."""
    mine = [part for part in parts if part["sort"] == "action"]
    factors = {part["card"]: part.get("factor", "") for part in mine if part.get("card")}
    standing = [card_from(doc) for doc in cards if not doc.get("unmade")]
    known = {card.id for card in standing}
    planned = [part for part in mine if part.get("card") not in known]
    return (
        *(_carded(card, factors.get(card.id) or "", settings) for card in standing),
        *(_planned(part) for part in planned),
    )


def _carded(card: Card, factor: str, settings: Settings) -> ActionRow:
    details = card.details if isinstance(card.details, Action) else Action()
    return ActionRow(
        text=card.title,
        status=_status(card, settings),
        ref=card.ref,
        type=details.type,
        priority=_PRIORITY.get(card.priority, card.priority),
        owner=card.owner,
        due=card.due,
        done_when=details.done_when,
        factor=factor,
        card=card,
    )


def _status(card: Card, settings: Settings) -> str:
    board = settings.board(card.board)
    category = board.category(card.stage) if board else "active"
    dropped = category == "dropped" or (card.archived and category != "done")
    return "done" if category == "done" else "dropped" if dropped else "open"


def _planned(part: Doc) -> ActionRow:
    return ActionRow(
        text=part["text"],
        status="planned",
        type=part.get("type") or "",
        priority=part.get("priority") or "",
        owner=part.get("owner") or "",
        due=_day(part.get("due")),
        done_when=part.get("done_when") or "",
        factor=part.get("factor") or "",
    )


def factors(parts: Iterable[Doc]) -> tuple[FactorRow, ...]:
    """The contributing factors in the order in which they came."""
    return tuple(
        FactorRow(
            ref=part.get("ref") or "",
            text=part["text"],
            category=part.get("category") or "",
            evidence=part.get("evidence") or "",
            removable=part.get("removable"),
        )
        for part in parts
        if part["sort"] == "factor"
    )


def lessons(parts: Iterable[Doc]) -> tuple[LessonRow, ...]:
    """The lessons in the order in which they came."""
    return tuple(
        LessonRow(
            ref=part.get("ref") or "",
            text=part["text"],
            keep=part.get("keep") or "",
            check=part.get("check") or "",
            applies=tuple(part.get("applies") or ()),
            entry=part.get("entry") or part.get("playbook") or "",
            baseline=part.get("baseline") or "",
            until=_day(part.get("until")),
        )
        for part in parts
        if part["sort"] == "lesson"
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
