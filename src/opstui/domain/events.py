"""Events: facts, a public format. Their names and fields never change meaning.

Audit, timeline, KPIs and undo all come from them, so these can never disagree. One shape serves every kind: which
document it concerns, which of its fields went from what to what, and what else is worth telling.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from opstui.domain.model import Doc

Change = tuple[Any, Any]
"""A field's value before and after, JSON values; None where there was none."""

KINDS: dict[str, str] = {
    "created": "a card came to be; data: ref, board, stage, title, over (the card stands in the batch's changes)",
    "edited": "fields changed by a person or an import",
    "moved": "stage changed; data: over, [cards, limit], when it went over a WIP limit",
    "reordered": "place within the lane changed; data: aside, when another card made it give way",
    "blocked": "cannot go on: blocker set",
    "unblocked": "can go on again",
    "commented": "data: comment (id), text",
    "checklist_added": "an item was added; data: text",
    "checklist_ticked": "an item was ticked or unticked; data: text, done",
    "checklist_edited": "an item got other words; data: text, was",
    "checklist_removed": "an item was taken off; data: text",
    "checklist_moved": "an item got another place in the list; data: text",
    "linked": "data: relation, other",
    "unlinked": "data: relation, other",
    "archived": "put away",
    "restored": "taken back from the archive",
    "metrics_recorded": "daily rows of a campaign were stored; data: rows, from, to, channel, replaced (typed)",
    "stock_recorded": "movements of a product were stored; data: sku, rows, new (a product that was not known)",
    "postmortem_drafted": "data: ref, postmortem (id)",
    "postmortem_graded": "its severity changed; data: ref, severity",
    "section_written": "what people wrote for a section; data: ref, section",
    "part_added": "an action, factor or lesson; data: postmortem (id), sort, text",
    "part_edited": "fields of a part changed; data: postmortem (id), sort, text",
    "part_removed": "a part was taken off; data: postmortem (id), sort, text",
    "postmortem_published": "it is final; data: ref",
    "postmortem_skipped": "there is none; data: ref, reason",
    "playbook_changed": "a playbook entry is there, or has a new version; data: ref, text",
    "marked": "something happened on a card at the event's time; data: mark, at, note",
    "starred": "what a batch did belongs into the story, or no longer; data: n (the batch)",
    "sla_breached": "a promise ran out, at that time, whoever was there; data: clock, minutes",
    "member_added": "data: name, role",
    "filter_saved": "a shared filter is there, or has changed; data: name, query, board",
    "filter_removed": "a shared filter was taken away; data: name",
    "target_set": "what a KPI should be has changed; data: kpi",
}
"""Permanent kind -> what it says."""

INVERSE = {
    "blocked": "unblocked",
    "unblocked": "blocked",
    "archived": "restored",
    "restored": "archived",
    "linked": "unlinked",
    "unlinked": "linked",
    "filter_removed": "filter_saved",
    "part_added": "part_removed",
    "part_removed": "part_added",
}
"""Kinds whose undoing is another kind; the others undo as themselves, marked by `undoes`."""


class Event(Struct, frozen=True, kw_only=True):
    """One fact about one document.

    `at` is when it happened (an imported fact keeps its recorded time; the batch tells when it was written).
    `changed` maps field -> (before, after). `data` holds what is particular to the kind; `undoes` in it is the number
    of the batch this event takes back, `redoes` the undo it takes back. `writes` are the (table, id, document)s it
    brings into being: they stand in the batch's changes and are not repeated in the event on disk.
    """

    kind: str
    table: str
    id: int
    at: datetime
    by: str
    via: str
    changed: dict[str, Change] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    writes: tuple[tuple[str, int, Doc], ...] = ()


class Batch(Struct, frozen=True, kw_only=True):
    """What one submission did, all or nothing: one line of the journal.

    `changes` rows are (table, id, patch): {field: (before, after)}, or (None, document) for a new one, or
    (document, None) for one that is gone.
    """

    n: int
    at: datetime
    by: str
    via: str
    events: tuple[Event, ...]
    changes: tuple[tuple[str, int, dict[str, Change] | Change], ...] = ()
