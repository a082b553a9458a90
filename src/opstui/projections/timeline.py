"""What happened to a card, in plain words (spec B.3).

Stage changes, blocks, comments, who has it and when it is due, checklist, links: each a row. Small edits by one person
within an hour are folded into one, and so is what a rule does in numbers, so that the rows that matter stay in sight.
Order is by (time, place in the history): what was entered late stands where it happened, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain.boards import Board
from opstui.domain.breaches import VIA
from opstui.domain.events import Batch, Event
from opstui.domain.model import fields_of
from opstui.i18n import _, ngettext
from opstui.projections.evidence import Fact

LATER = timedelta(hours=1)
"""Told so much later than it happened, a fact counts as entered later."""
TOGETHER = timedelta(hours=1)
"""Edits with no longer pause between them are one row."""
_QUIET = "reordered"
_RULE = "rule:"
_COMMA = ", "

Comments = Callable[[int], str | None]
"""Comment id -> its text as it stands now; None when it was withdrawn or erased."""


class TimelineRow(Struct, frozen=True):
    """One row. `mark` is what sort of row it is (the screen picks a sign for it); `event_no` is the batch that told it.

    `via` is how it came in, as in `Event`, but empty for what was imported with the name of the person who did it: then
    `by` is that person, as if it had been done here. Else `by` of an import is merely who ran it.

    Marks: created, moved, launch, done, dropped, blocked, unblocked, comment, owner, due, checklist, link, edited,
    archived, restored, figures, postmortem, late, undo, and what people marked (`domain.sections.MARKS`).
    """

    at: datetime
    by: str
    via: str
    mark: str
    text: str
    event_no: int
    later: bool = False
    starred: bool = False


_HAPPENED = {
    "started": _("it began"),
    "detected": _("it was noticed"),
    "acknowledged": _("someone took it up"),
    "mitigated": _("the harm was contained"),
    "resolved": _("it was over"),
    "launch": _("it was launched"),
    "rollback": _("it was rolled back"),
    "anomaly": _("something was odd"),
    "approval": _("it was approved"),
    "escalation": _("it was passed on to someone higher"),
    "decision": _("something was decided"),
    "message": _("a message was sent"),
    "change": _("something was changed"),
    "trigger": _("this set it off"),
}
"""Mark -> what is said of it where nobody left a note."""


def card_events(batches: Iterable[Batch], card_id: int) -> tuple[Fact, ...]:
    """The facts of one card by (time, place in the history). Where it stands within its lane is no fact."""
    found = [
        Fact(batch.n, batch.at, event, batch.by)
        for batch in batches
        for event in batch.events
        if event.id == card_id and event.table == "cards" and event.kind != _QUIET
    ]
    return tuple(sorted(found, key=lambda fact: fact.event.at))


def timeline(
    facts: Sequence[Fact],
    board: Board,
    *,
    comments: Comments | None = None,
    refs: Callable[[int], str] = "#{}".format,
    undone: bool = True,
    newest_first: bool = False,
    stars: Collection[int] = (),
) -> tuple[TimelineRow, ...]:
    """The rows of one card whose facts `card_events` found.

    `comments` gives a comment's present text (what the event says, if left out); `refs` names a linked card. Without
    `undone`, what was undone is left out together with its undo. What `stars` name (batches) is never folded.
    """
    told = facts if undone else standing(facts)
    rows = [row for fact in told for row in _rows(fact, board, comments, refs, stars)]
    folded = tuple(_folded(rows))
    return folded[::-1] if newest_first else folded


def standing(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts that were not taken back, without the undos and redos themselves."""
    undoing = {
        fact.batch: fact.event.data.get("undoes", fact.event.data.get("redoes"))
        for fact in facts
        if "undoes" in fact.event.data or "redoes" in fact.event.data
    }
    gone: set[int | None] = set()
    for batch in sorted(undoing, reverse=True):
        if batch not in gone:
            gone.add(undoing[batch])
    return tuple(fact for fact in facts if fact.batch not in gone and fact.batch not in undoing)


def _rows(
    fact: Fact, board: Board, comments: Comments | None, refs: Callable[[int], str], stars: Collection[int]
) -> Iterator[TimelineRow]:
    event = fact.event
    later = event.via not in ("import", VIA) and fact.written - event.at > LATER
    for mark, text in _told(event, board, comments, refs):
        row = TimelineRow(event.at, event.by, _via(fact), mark, text, fact.batch, later, fact.batch in stars)
        if "undoes" in event.data:
            row = replace(row, mark="undo", text=_("undo: {text}").format(text=_closed([row]).text))
        elif "redoes" in event.data:
            row = replace(row, mark="undo", text=_("redo: {text}").format(text=_closed([row]).text))
        yield row


def _via(fact: Fact) -> str:
    """An import that names someone else than who ran it was told who did it."""
    event = fact.event
    return "" if event.via == "import" and event.by not in ("", fact.writer) else event.via


Told = Iterable[tuple[str, str]]
"""(mark, text)"""


def _told(event: Event, board: Board, comments: Comments | None, refs: Callable[[int], str]) -> Told:
    data = event.data
    match event.kind:
        case "created":
            stage = _stage(data.get("stage", ""), board)
            text = _("imported into {stage}") if event.via == "import" else _("created in {stage}")
            yield "created", text.format(stage=stage)
        case "moved":
            yield _moved(event, board)
        case "blocked" | "unblocked":
            yield event.kind, _blocker(event)
        case "commented":
            yield from _comment(data, comments)
        case "checklist_added":
            yield "listed", data["text"]
        case "checklist_ticked":
            text = _("ticked: {text}") if data.get("done") else _("unticked: {text}")
            yield "checklist", text.format(text=data["text"])
        case "checklist_edited" | "checklist_removed" | "checklist_moved":
            yield "checklist", _item(event)
        case "linked" | "unlinked":
            text = _("link: {relation} {other}") if event.kind == "linked" else _("link removed: {relation} {other}")
            yield "link", text.format(relation=relation(data["relation"]), other=refs(data["other"]))
        case "archived" | "restored":
            yield event.kind, _("put away") if event.kind == "archived" else _("taken back from the archive")
        case "metrics_recorded" if "channel" in data:
            text = _("figures of {day}, {channel}, typed")
            again = _("figures of {day}, {channel}, typed again")
            yield "figures", (again if data.get("replaced") else text).format(day=data["from"], channel=data["channel"])
        case "metrics_recorded":
            text = ngettext("{n} row of daily figures", "{n} rows of daily figures", data["rows"])
            yield "figures", _("{rows}, {first} to {last}").format(rows=text, first=data["from"], last=data["to"])
        case "sla_breached":
            first, solved = _("the promise of a first answer ran out"), _("the promise of a solution ran out")
            yield "late", first if data["clock"] == "first_response" else solved
        case "marked":
            yield data["mark"], data.get("note") or _HAPPENED.get(data["mark"], data["mark"])
        case "postmortem_drafted":
            yield "postmortem", _("post-mortem {ref} begun").format(ref=data["ref"])
        case "edited":
            yield from _edited(event, board)


def _item(event: Event) -> str:
    words = {
        "checklist_edited": _("on the checklist: {was} → {text}"),
        "checklist_removed": _("off the checklist: {text}"),
        "checklist_moved": _("another place on the checklist: {text}"),
    }
    return words[event.kind].format(**{"was": "", **event.data})


def relation(name: str) -> str:
    """A relation between two cards in words."""
    words = {
        "relates": _("relates to"),
        "blocks": _("blocks"),
        "caused_by": _("caused by"),
        "duplicate_of": _("duplicate of"),
        "about": _("about"),
    }
    return words.get(name, name)


def _moved(event: Event, board: Board) -> tuple[str, str]:
    old, new = event.changed["stage"]
    category = board.category(new)
    mark = category if category in ("done", "dropped") else "launch" if new == "live" else "moved"
    text = _("{old} → {new}").format(old=_stage(old, board), new=_stage(new, board))
    if "over" in event.data:
        cards, limit = event.data["over"]
        text = _("{text} (over the limit: {n} of {limit})").format(text=text, n=cards, limit=limit)
    return mark, text


def _blocker(event: Event) -> str:
    before, after = event.changed.get("blocker", (None, None))
    if event.kind == "unblocked":
        reason = (before or {}).get("reason", "")
        return _("can go on (was: {reason})").format(reason=reason) if reason else _("can go on")
    reason, whom = (after or {}).get("reason", ""), (after or {}).get("waiting_on", "")
    text = _("blocked: {reason}").format(reason=reason)
    return _("{text}, waits for {whom}").format(text=text, whom=whom) if whom else text


def _comment(data: dict[str, Any], comments: Comments | None) -> Told:
    text = data.get("text", "") if comments is None else comments(data["comment"])
    yield "comment", text if text is not None else _("(a comment that was withdrawn)")


def _edited(event: Event, board: Board) -> Told:
    """Owner and due day are news of their own; the rest is named, not quoted: the card shows what it says now."""
    changed = dict(event.changed)
    if "owner" in changed:
        _old, new = changed.pop("owner")
        yield "owner", _("assigned to {name}").format(name=new) if new else _("nobody has it now")
    if "due" in changed:
        yield "due", _due(*changed.pop("due"))
    labels = {field.name: _(field.label) for field in fields_of(board.kind)}
    names = [labels[name] for name in changed if name in labels]
    if names:
        yield "edited", _COMMA.join(names)


def _due(old: str | None, new: str | None) -> str:
    if new is None:
        return _("no longer due ({old})").format(old=old)
    return _("due {old} → {new}").format(old=old, new=new) if old else _("due {new}").format(new=new)


def _stage(stage_id: str, board: Board) -> str:
    stage = board.stage(stage_id)
    return stage.name if stage else stage_id


def _folded(rows: Iterable[TimelineRow]) -> Iterator[TimelineRow]:
    run: list[TimelineRow] = []
    for row in rows:
        if run and not _belongs(row, run[-1]):
            yield _closed(run)
            run = []
        run.append(row)
    if run:
        yield _closed(run)


def _belongs(row: TimelineRow, last: TimelineRow) -> bool:
    """Whether two neighbours are told as one: what one rule did, or small edits by one person in a row."""
    if row.starred or last.starred or (row.by, row.via) != (last.by, last.via) or row.at - last.at > TOGETHER:
        return False
    return row.via.startswith(_RULE) or row.mark == last.mark in ("edited", "listed")


def _closed(run: Sequence[TimelineRow]) -> TimelineRow:
    last = run[-1]
    if len(run) > 1 and last.via.startswith(_RULE):
        return replace(last, mark="edited", text=ngettext("{n} automatic entry", "{n} automatic entries", len(run)))
    if last.mark == "listed":
        one, many = _("on the checklist: {text}").format(text=last.text), _("{n} items on the checklist")
        return replace(last, mark="checklist", text=one if len(run) == 1 else many.format(n=len(run)))
    if last.mark != "edited":
        return last
    names = dict.fromkeys(name for row in run for name in row.text.split(_COMMA))
    return replace(last, text=_("edited: {fields}").format(fields=_COMMA.join(names)))
