"""(command, state, by, at) -> events, or Refused with the reason. Pure: it reads, and changes nothing.

`Asked` carries the constants of one request through the small functions below, one per command.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain import checklist, figures, parts, playbook, postmortems, rank
from opstui.domain import commands as c
from opstui.domain.boards import Board, Rules, Stage
from opstui.domain.breaches import note_breach
from opstui.domain.drafts import import_card, import_stock
from opstui.domain.events import Event
from opstui.domain.fieldwork import with_fields
from opstui.domain.filters import remove_filter, save_filter
from opstui.domain.model import TEXT_LIMIT, Conflict, Doc, Refused, clean, clean_line, plain
from opstui.domain.policy import ROLES
from opstui.domain.state import State
from opstui.domain.targets import set_target
from opstui.domain.undo import put_away, undo, without
from opstui.i18n import _

RELATIONS = ("relates", "blocks", "caused_by", "duplicate_of", "about")


class Asked(Struct, frozen=True, kw_only=True):
    """Who asks, when, through what, under which rules."""

    state: State
    rules: Rules
    at: datetime
    by: str
    via: str

    @property
    def today(self) -> date:
        """The day it is where the shop is."""
        return self.at.astimezone(self.rules.zone).date()

    def event(self, kind: str, table: str, doc_id: int, **rest: Any) -> Event:
        """An event of this request."""
        return Event(kind=kind, table=table, id=doc_id, at=self.at, by=self.by, via=self.via, **rest)

    def card(self, card_id: int, *, archived: bool = False) -> Doc:
        """A card that may be worked on.

        Raises:
            Refused: there is none, or it lies in the archive.

        """
        doc = self.state.get("cards", card_id)
        if doc is None:
            raise Refused(_("there is no card with the id {id}").format(id=card_id))
        if doc.get("archived", False) and not archived:
            raise Refused(_("{ref} is archived; restore it first").format(ref=doc["ref"]))
        return doc

    def board(self, board_id: str) -> Board:
        """A board of this workspace."""
        board = self.rules.board(board_id)
        if board is None:
            known = ", ".join(b.id for b in self.rules.boards)
            raise Refused(
                _("there is no board '{id}'; boards: {known}").format(id=clean_line(board_id)[:40], known=known)
            )
        return board

    def stage(self, board: Board, stage_id: str) -> Stage:
        """A stage of that board."""
        stage = board.stage(stage_id)
        if stage is None:
            known = ", ".join(s.id for s in board.stages)
            raise Refused(
                _("{board} has no stage '{id}'; stages: {known}").format(
                    board=board.id, id=clean_line(stage_id)[:40], known=known
                )
            )
        return stage

    def rank_of(self, card_id: int) -> float:
        """Where a card stands in its lane."""
        return float((self.state.get("cards", card_id) or {}).get("rank", 0.0))


def decide(command: c.Command, asked: Asked) -> list[Event]:
    """What happens when this is asked now.

    Raises:
        Refused: it does not happen; the text says why. Conflict when someone else's change stands in the way.

    """
    return _DECIDERS[type(command)](command, asked)


def _create(command: c.CreateCard, asked: Asked) -> list[Event]:
    board = asked.board(command.board)
    stage = asked.stage(board, command.stage) if command.stage else board.stages[0]
    over = _over_limit(stage, board, asked)
    lane = asked.state.lane(board.id, stage.id)
    values = {"title": command.title, **command.fields}
    if board.kind in ("order", "campaign"):
        values = {"currency": asked.rules.currency, **values}
    blank = {
        "id": 0,
        "ref": "",
        "kind": board.kind,
        "board": board.id,
        "stage": stage.id,
        "title": "",
        "created": plain(asked.at),
        "entered": plain(asked.at),
        "rank": rank.at_end(lane, asked.rank_of),
        "version": 1,
    }
    doc = with_fields(blank, values)
    doc["id"] = asked.state.next_id("cards")
    doc["ref"] = f"{board.prefix}-{asked.state.next_id(board.prefix):04d}"
    if board.kind == "campaign" and (checks := playbook.with_checks(doc, asked.state, asked.today)):
        doc["checklist"] = checks
    told = {name: doc[name] for name in ("ref", "board", "stage", "title")}
    return [asked.event("created", "cards", doc["id"], data={**told, **over}, writes=(("cards", doc["id"], doc),))]


def _edit(command: c.EditCard, asked: Asked) -> list[Event]:
    doc = asked.card(command.card)
    after = with_fields(doc, command.values)
    for name, seen in command.base.items():
        if doc.get(name) != seen and after.get(name) != doc.get(name):
            raise Conflict(doc["ref"], name, doc.get(name), command.values.get(name))
    changed = {name: (doc.get(name), after.get(name)) for name in command.values if doc.get(name) != after.get(name)}
    if "tags" in changed and doc["kind"] == "campaign":
        checks = playbook.with_checks(after, asked.state, asked.today)
        if checks != (doc.get("checklist") or []):
            changed["checklist"] = (doc.get("checklist"), checks)
    return [asked.event("edited", "cards", command.card, changed=changed)] if changed else []


def _over_limit(stage: Stage, board: Board, asked: Asked) -> dict[str, Any]:
    count = len(asked.state.lane(board.id, stage.id)) + 1
    if stage.wip is None or count <= stage.wip:
        return {}
    if stage.wip_policy == "block":
        raise Refused(
            _("{stage} is full: {n} of {limit}; finish or move a card there first").format(
                stage=stage.name, n=count - 1, limit=stage.wip
            )
        )
    return {"over": [count, stage.wip]}


def _move(command: c.MoveCard, asked: Asked) -> list[Event]:
    doc = asked.card(command.card)
    board = asked.board(doc["board"])
    stage = asked.stage(board, command.stage)
    if command.seen_in not in ("", doc["stage"]):
        there = board.stage(doc["stage"])
        raise Refused(
            _("{ref} was moved to {stage} meanwhile; look again").format(
                ref=doc["ref"], stage=there.name if there else doc["stage"]
            )
        )
    lane = asked.state.lane(board.id, stage.id)
    if stage.id == doc["stage"] or command.before is not None:  # else its ends are enough, however long it is
        lane = [i for i in lane if i != command.card]
    place, shifted = _place(command, lane, stage, asked)
    shifts = [
        asked.event("reordered", "cards", i, changed={"rank": (asked.rank_of(i), new)}, data={"aside": True})
        for i, new in shifted.items()
    ]
    if stage.id == doc["stage"]:
        if place == doc["rank"]:
            return []
        return [*shifts, asked.event("reordered", "cards", command.card, changed={"rank": (doc["rank"], place)})]
    playbook.may_launch(doc, board, stage)
    over = _over_limit(stage, board, asked)
    changed = {
        "stage": (doc["stage"], stage.id),
        "rank": (doc["rank"], place),
        "entered": (doc["entered"], plain(asked.at)),
    }
    moved = asked.event("moved", "cards", command.card, changed=changed, data=over)
    return [*shifts, moved, *_required(doc, board, stage, asked)]


def _required(doc: Doc, board: Board, stage: Stage, asked: Asked) -> list[Event]:
    """A campaign that is over has to be learnt from: its post-mortem begins by itself, with a day to be drafted by."""
    over = stage.id == "postmortem" or (stage.category == "done" and doc["stage"] != "postmortem")
    if board.kind != "campaign" or not over or postmortems.of_card(asked.state, doc["id"]):
        return []
    return [postmortems.begun(doc, asked, required=True)]


def _place(command: c.MoveCard, lane: Sequence[int], stage: Stage, asked: Asked) -> tuple[float, dict[int, float]]:
    if command.before is not None:
        if command.before not in lane:
            raise Refused(_("the card to put it above is no longer in {stage}").format(stage=stage.name))
        return rank.above(lane, lane.index(command.before), asked.rank_of)
    to_top = command.top or stage.ends
    return (rank.at_top if to_top else rank.at_end)(lane, asked.rank_of), {}


def _block(command: c.BlockCard, asked: Asked) -> list[Event]:
    doc = asked.card(command.card)
    reason, waiting_on = clean_line(command.reason)[:500], clean_line(command.waiting_on)[:100]
    if not reason:
        raise Refused(_("say what blocks {ref}").format(ref=doc["ref"]))
    blocker = {"reason": reason, "since": plain(asked.at), **({"waiting_on": waiting_on} if waiting_on else {})}
    return [asked.event("blocked", "cards", command.card, changed={"blocker": (doc.get("blocker"), blocker)})]


def _unblock(command: c.UnblockCard, asked: Asked) -> list[Event]:
    doc = asked.card(command.card)
    if "blocker" not in doc:
        return []
    return [asked.event("unblocked", "cards", command.card, changed={"blocker": (doc["blocker"], None)})]


def _comment(command: c.AddComment, asked: Asked) -> list[Event]:
    asked.card(command.card, archived=True)
    text = clean(command.text).strip()
    if not text:
        raise Refused(_("the comment is empty"))
    if len(text) > TEXT_LIMIT:
        raise Refused(
            _("the comment has {n} characters; at most {limit} are taken").format(n=len(text), limit=TEXT_LIMIT)
        )
    number = asked.state.next_id("comments")
    said = {"card": command.card, "at": plain(asked.at), "by": asked.by, "text": text}
    return [
        asked.event(
            "commented",
            "cards",
            command.card,
            data={"comment": number, "text": text},
            writes=(("comments", number, said),),
        )
    ]


def _link(command: c.LinkCards, asked: Asked) -> list[Event]:
    if command.relation not in RELATIONS:
        raise Refused(
            _("'{name}' is no relation; relations: {known}").format(
                name=command.relation[:40], known=", ".join(RELATIONS)
            )
        )
    if command.card == command.other:
        raise Refused(_("a card cannot be linked to itself"))
    asked.card(command.other, archived=True)
    doc = asked.card(command.card)
    link = {"relation": command.relation, "card": command.other}
    old = doc.get("links")
    if link in (old or ()):
        return []
    told = {"relation": command.relation, "other": command.other}
    return [asked.event("linked", "cards", command.card, changed={"links": (old, [*(old or ()), link])}, data=told)]


def _unlink(command: c.UnlinkCards, asked: Asked) -> list[Event]:
    old = asked.card(command.card).get("links") or []
    new = [k for k in old if (k["relation"], k["card"]) != (command.relation, command.other)]
    if new == old:
        return []
    told = {"relation": command.relation, "other": command.other}
    return [asked.event("unlinked", "cards", command.card, changed={"links": (old, new or None)}, data=told)]


def _archive(command: c.ArchiveCard, asked: Asked) -> list[Event]:
    doc = asked.card(command.card, archived=True)
    if doc.get("archived"):
        return []
    return [asked.event("archived", "cards", command.card, changed=put_away(doc, asked.at))]


def _restore(command: c.RestoreCard, asked: Asked) -> list[Event]:
    doc = asked.card(command.card, archived=True)
    if not doc.get("archived"):
        return []
    return [asked.event("restored", "cards", command.card, changed=put_away(doc, None))]


def _record_figures(command: c.RecordFigures, asked: Asked) -> list[Event]:
    return figures.record(command, asked.card(command.card), asked.today, asked.state, asked.event)


def _note_breach(command: c.NoteBreach, asked: Asked) -> list[Event]:
    return note_breach(command, asked.card(command.card, archived=True), asked.at, asked.event)


def _add_member(command: c.AddMember, asked: Asked) -> list[Event]:
    name = clean_line(command.name)
    if not name or " " in name or len(name) > 40:  # noqa: PLR2004
        raise Refused(_("'{name}' is no member name (no spaces, at most 40 characters)").format(name=name[:40]))
    if command.role not in ROLES:
        raise Refused(_("'{role}' is no role; roles: {known}").format(role=command.role[:40], known=", ".join(ROLES)))
    if any(doc["name"] == name for _id, doc in asked.state.items("members")):
        raise Refused(_("{name} is a member already").format(name=name))
    number = asked.state.next_id("members")
    doc = {"name": name, "role": command.role, "at": plain(asked.at)}
    told = {"name": name, "role": command.role}
    return [asked.event("member_added", "members", number, data=told, writes=(("members", number, doc),))]


def _import_card(command: c.ImportCard, asked: Asked) -> list[Event]:
    asked.board(command.draft.board)
    return import_card(command.draft, asked.state, asked.rules, asked.event("created", "cards", 0))


def _import_stock(command: c.ImportStock, asked: Asked) -> list[Event]:
    return import_stock(command.product, command.movements, asked.state, asked.event("stock_recorded", "products", 0))


def _save_filter(command: c.SaveFilter, asked: Asked) -> list[Event]:
    return save_filter(command, asked.state, asked.rules, asked.event)


def _remove_filter(command: c.RemoveFilter, asked: Asked) -> list[Event]:
    return remove_filter(command, asked.state, asked.event)


def _set_target(command: c.SetTarget, asked: Asked) -> list[Event]:
    return set_target(command, asked.state, asked.event)


def _undo(command: c.Undo, asked: Asked) -> list[Event]:
    batch = asked.state.batch(command.batch)
    if batch is None:
        raise Refused(_("there is no change number {n}").format(n=command.batch))
    taken_back = undo(without(batch, command.without), asked.state, asked.at, asked.state.next_id)
    return [replace(event, at=asked.at, by=asked.by, via=asked.via) for event in taken_back]


_DECIDERS: dict[type[c.Command], Callable[[Any, Asked], list[Event]]] = {
    c.CreateCard: _create,
    c.EditCard: _edit,
    c.MoveCard: _move,
    c.BlockCard: _block,
    c.UnblockCard: _unblock,
    c.AddComment: _comment,
    c.AddCheck: checklist.add,
    c.TickCheck: checklist.tick,
    c.EditCheck: checklist.edit,
    c.RemoveCheck: checklist.remove,
    c.MoveCheck: checklist.move,
    c.LinkCards: _link,
    c.UnlinkCards: _unlink,
    c.ArchiveCard: _archive,
    c.RestoreCard: _restore,
    c.DraftPostmortem: postmortems.begin,
    c.WriteSection: postmortems.write,
    c.AddPart: parts.add,
    c.EditPart: parts.edit,
    c.RemovePart: parts.remove,
    c.PublishPostmortem: postmortems.publish,
    c.SkipPostmortem: postmortems.skip,
    c.MarkCard: postmortems.mark,
    c.StarEvent: postmortems.star,
    c.RecordFigures: _record_figures,
    c.NoteBreach: _note_breach,
    c.AddMember: _add_member,
    c.ImportCard: _import_card,
    c.ImportStock: _import_stock,
    c.SaveFilter: _save_filter,
    c.RemoveFilter: _remove_filter,
    c.SetTarget: _set_target,
    c.Undo: _undo,
}
