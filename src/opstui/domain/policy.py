"""Who may ask for what: one table, deny by default. Every change passes through it.

The letters are those of the permission matrix (domain spec D.5): C create, U update, M move stage, K comment, D archive
and restore. Fields, projects and masking join the table with the issue on roles.
"""

from __future__ import annotations

from opstui.domain.commands import (
    AddCheck,
    AddComment,
    AddMember,
    AddPart,
    ArchiveCard,
    BlockCard,
    Command,
    CreateCard,
    DraftPostmortem,
    EditCard,
    EditCheck,
    EditPart,
    ImportCard,
    ImportStock,
    LinkCards,
    MarkCard,
    MoveCard,
    MoveCheck,
    NoteBreach,
    PublishPostmortem,
    RecordFigures,
    RemoveCheck,
    RemoveFilter,
    RemovePart,
    RestoreCard,
    SaveFilter,
    SetTarget,
    SkipPostmortem,
    StarEvent,
    TickCheck,
    UnblockCard,
    Undo,
    UnlinkCards,
    WriteSection,
)
from opstui.domain.model import Actor, Refused
from opstui.i18n import _

GRANTS: dict[str, dict[str, str]] = {
    "owner": {
        "order": "CUMKD",
        "campaign": "CUMKD",
        "feedback": "CUMKD",
        "action": "CUMKD",
        "import": "C",
        "members": "C",
        "filters": "U",
        "targets": "U",
        "stock": "U",
    },
    "ops_lead": {
        "order": "CUMKD",
        "campaign": "CUMKD",
        "feedback": "CUMKD",
        "action": "CUMKD",
        "import": "C",
        "filters": "U",
        "targets": "U",
        "stock": "U",
    },
    "cs": {"order": "CUMK", "campaign": "K", "feedback": "CUMKD", "action": "CUMK", "filters": "U"},
    "content": {"order": "", "campaign": "CUMK", "feedback": "K", "action": "CUMK", "filters": "U"},
    "finance": {"order": "UK", "campaign": "K", "action": "CUMK", "filters": "U"},
    "vendor": {},
    "viewer": {},
}
"""Role -> area (a board's kind, import, members, filters, targets, stock) -> letters."""

ROLES = tuple(GRANTS)

LETTERS: dict[type[Command], str] = {
    CreateCard: "C",
    EditCard: "U",
    MoveCard: "M",
    BlockCard: "U",
    UnblockCard: "U",
    AddComment: "K",
    AddCheck: "U",
    TickCheck: "U",
    EditCheck: "U",
    RemoveCheck: "U",
    MoveCheck: "U",
    LinkCards: "U",
    UnlinkCards: "U",
    ArchiveCard: "D",
    RestoreCard: "D",
    DraftPostmortem: "U",
    WriteSection: "U",
    AddPart: "U",
    EditPart: "U",
    RemovePart: "U",
    PublishPostmortem: "U",
    SkipPostmortem: "U",
    MarkCard: "U",
    StarEvent: "U",
    RecordFigures: "U",
    NoteBreach: "K",
    Undo: "U",
    ImportCard: "C",
    ImportStock: "C",
    AddMember: "C",
    SaveFilter: "U",
    RemoveFilter: "U",
    SetTarget: "U",
}
"""Command -> the letter it needs. A command that is not here is refused."""

_AREAS: dict[type[Command], str] = {
    ImportCard: "import",
    ImportStock: "import",
    AddMember: "members",
    SaveFilter: "filters",
    RemoveFilter: "filters",
    SetTarget: "targets",
}

_DEEDS = {"C": _("create"), "U": _("change"), "M": _("move"), "K": _("comment on"), "D": _("archive")}


def check(actor: Actor, command: Command, kind: str) -> None:
    """Let the request pass, or say why not. `kind` is the kind of the card's board ("" where there is none).

    Raises:
        Refused: the actor's role does not cover it.

    """
    area = _AREAS.get(type(command), kind)
    letter = LETTERS.get(type(command), "?")
    if letter not in GRANTS.get(actor.role, {}).get(area, ""):
        raise Refused(
            _("{name} ({role}) may not {deed} {area}; ask an owner or ops lead").format(
                name=actor.name, role=actor.role or _("no member"), deed=_DEEDS.get(letter, letter), area=area or "this"
            )
        )


def check_export(actor: Actor, kind: str) -> None:
    """Let a file be written about a card of that kind: for whoever has any right there. Looking needs none.

    Raises:
        Refused: the actor's role has no right on that kind.

    """
    if not GRANTS.get(actor.role, {}).get(kind, ""):
        raise Refused(
            _("{name} ({role}) may not export {area}; ask an owner or ops lead").format(
                name=actor.name, role=actor.role or _("no member"), area=kind or "this"
            )
        )
