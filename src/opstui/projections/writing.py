"""How far a post-mortem is: the state of each of its sections.

A section of facts is never anybody's to do; what people write is done when they wrote it, or
when they said that what stands there is right.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from opstui.domain import parts, postmortems
from opstui.domain.model import Doc
from opstui.domain.sections import LISTED, Section, sections_of
from opstui.domain.state import Reader
from opstui.i18n import _
from opstui.projections.wording import Remark, action_remarks, remarks

State = Literal["automatic", "confirm", "write", "done"]


class SectionView(Struct, frozen=True):
    """A section as the editor lists it: its state, how many parts it has, what is missing and what is warned of."""

    section: Section
    state: State
    parts: int = 0
    missing: int = 0
    remarks: int = 0

    @property
    def word(self) -> str:
        """The state in a word or two, for people."""
        if self.missing:
            return _("{n} missing").format(n=self.missing)
        words = {
            "automatic": _("automatic"),
            "confirm": _("to confirm"),
            "write": _("to write"),
            "done": _("done · {n}").format(n=self.parts) if self.parts else _("done"),
        }
        return words[self.state]


def section_views(reader: Reader, number: int, today: date) -> tuple[SectionView, ...]:
    """Every section of a post-mortem in its order; `today` is for what is missing."""
    doc = postmortems.get(reader, number)
    kind = (reader.get("cards", doc["card"]) or {}).get("kind", "")
    names = names_of(reader)
    lacks = [section for section, _part, _said in postmortems.lacking(reader, number, today)]
    return tuple(
        SectionView(
            section,
            state_of(section, doc, count := _count(reader, number, section)),
            count,
            0 if doc["status"] == "skipped" else lacks.count(section.id),
            len(section_remarks(reader, number, section, names)),
        )
        for section in sections_of(kind)
    )


def state_of(section: Section, doc: Doc, count: int = 0) -> State:
    """Who has yet to do something about it; `count` are the parts of a section that is a list."""
    if section.how == "facts":
        return "automatic"
    if count or doc.get(postmortems.SURE + section.id) or postmortems.written(doc).get(section.id):
        return "done"
    return "confirm" if section.how == "confirm" else "write"


def names_of(reader: Reader) -> tuple[str, ...]:
    """The members, whom no text should blame."""
    return tuple(str(member["name"]) for _id, member in reader.items("members"))


def section_remarks(reader: Reader, number: int, section: Section, names: Iterable[str]) -> tuple[Remark, ...]:
    """What is warned of in a section as it stands."""
    if section.id in LISTED:
        rows = parts.parts_of(reader, number, LISTED[section.id])
        return tuple(remark for _id, row in rows for remark in part_remarks(row, names))
    text = postmortems.written(postmortems.get(reader, number)).get(section.id, "")
    return text_remarks(section.id, text, names)


def text_remarks(section: str, text: str, names: Iterable[str]) -> tuple[Remark, ...]:
    """What is warned of in a text for that section."""
    return remarks(text, names, persons=section == "whys")


def part_remarks(row: Doc, names: Iterable[str]) -> tuple[Remark, ...]:
    """What is warned of in an action, a factor or a lesson."""
    return action_remarks(row, names) if row["sort"] == "action" else remarks(str(row["text"]), names)


def _count(reader: Reader, number: int, section: Section) -> int:
    return sum(1 for _part in parts.parts_of(reader, number, LISTED[section.id])) if section.id in LISTED else 0
