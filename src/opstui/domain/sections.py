"""What a post-mortem is made of, as data: the sections of each kind in their order, and who fills them (spec B.2).

The editor, the Markdown and the refusal to publish all read this table, so they cannot disagree about a section.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from opstui.i18n import _

How = Literal["facts", "confirm", "write"]
"""facts: computed. confirm: a sentence made from facts, to be confirmed or changed. write: a question to people."""

KINDS = ("campaign", "order", "feedback", "action")
SEVERITIES = ("SEV1", "SEV2", "SEV3", "SEV4")
MARKS = (
    "started",
    "detected",
    "acknowledged",
    "mitigated",
    "resolved",
    "launch",
    "rollback",
    "anomaly",
    "approval",
    "escalation",
    "decision",
    "message",
    "change",
    "trigger",
)
"""What may be said to have happened on a card at a moment (spec B.3); the first five are the clocks'."""


class Section(Struct, frozen=True):
    """A section: `prompt` is the question to whoever writes it."""

    id: str
    title: str
    how: How
    kinds: str = "COFA"
    prompt: str = ""

    def of(self, kind: str) -> bool:
        """Whether post-mortems of cards of that kind have it."""
        return kind[:1].upper() in self.kinds


SECTIONS: tuple[Section, ...] = (
    Section("glance", _("At a glance"), "facts", "C"),
    Section("summary", _("Summary"), "confirm", prompt=_("what happened, to whom, and what did it cost?")),
    Section("background", _("Background"), "confirm", prompt=_("what led up to it in the two weeks before?")),
    Section("brief", _("Brief as approved"), "facts", "C"),
    Section("impact", _("Impact"), "facts", "O"),
    Section("told", _("What customers told us"), "facts", "F"),
    Section("clock", _("Clock"), "facts", "OF"),
    Section("detection", _("Detection"), "write", "OF", _("who noticed it, and how could we have known before?")),
    Section("targets", _("Target against actual"), "facts", "C"),
    Section("spend", _("Spend and pacing"), "facts", "C"),
    Section("channels", _("Channels"), "facts", "C"),
    Section("experiment", _("Experiment"), "facts", "C"),
    Section("decision", _("Most important decision"), "write", "C", _("which one decision mattered most?")),
    Section("service", _("Service record"), "facts", "F"),
    Section("handling", _("Handling"), "facts", "F"),
    Section("stages", _("Stages and delays"), "facts"),
    Section("waited", _("Where the work waited"), "facts", "O"),
    Section("timeline", _("Timeline"), "facts"),
    Section("reaction", _("Customer reaction"), "facts", "C"),
    Section("response", _("Response"), "facts", "OF"),
    Section("whys", _("Five whys"), "write", "OFA", _("why did it happen? Ask why of each answer, one a line")),
    Section("factors", _("Contributing factors"), "write", prompt=_("which conditions made this likely?")),
    Section("recurrence", _("Seen before"), "facts"),
    Section("worked", _("What worked"), "write", prompt=_("what should we keep doing?")),
    Section("not_worked", _("What did not"), "write", prompt=_("what went wrong, and what made it possible?")),
    Section("lucky", _("Where we were lucky"), "write", prompt=_("what saved us that we cannot count on next time?")),
    Section("surprised", _("What surprised us"), "write", prompt=_("what did we not expect?")),
    Section("lessons", _("Lessons and playbook changes"), "write", prompt=_("what do we keep, change, stop or test?")),
    Section("actions", _("Action items"), "write", prompt=_("who does what by when, and when is it done?")),
    Section("questions", _("Open questions"), "write", prompt=_("what do we still not know?")),
    Section("links", _("Linked work"), "facts"),
    Section("comments", _("Comments"), "facts"),
    Section("deeds", _("Who did what"), "facts"),
    Section("quality", _("Data quality and method"), "facts"),
    Section("review", _("Review record"), "facts"),
)
LISTED = {"factors": "factor", "lessons": "lesson", "actions": "action"}
"""Sections that are lists of parts -> the sort of part."""


def sections_of(kind: str) -> tuple[Section, ...]:
    """The sections of a post-mortem of a card of that kind, in the order in which they read."""
    return tuple(section for section in SECTIONS if section.of(kind))


def section_named(kind: str, name: str) -> Section | None:
    """The section of that id, where post-mortems of that kind have it."""
    return next((section for section in sections_of(kind) if section.id == name), None)
