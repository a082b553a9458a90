"""What may be asked of a post-mortem: begin it, write its sections, publish it, or say why there is none.

Each section is a field of its own on the document, so that two people write two sections at once and each is undone
alone. Publishing makes a card of every action and a playbook entry of every lesson, once, however often it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from opstui.domain import commands as c
from opstui.domain import parts, playbook
from opstui.domain.boards import first_of
from opstui.domain.model import TEXT_LIMIT, Doc, Refused, clean, clean_line, plain, utc
from opstui.domain.sections import LISTED, MARKS, SEVERITIES, section_named
from opstui.domain.state import Reader
from opstui.i18n import _

if TYPE_CHECKING:
    from opstui.domain.decide import Asked
    from opstui.domain.events import Event

TABLE = "postmortems"
WRITTEN = "text."
"""What the fields of sections begin with: text.summary."""
SURE = "sure."
DRAFT_DAYS, REVIEW_DAYS = 2, 5
"""Working days within which a required post-mortem is drafted, and reviewed (spec B.2)."""
URGENT = ("SEV1", "SEV2")
PRIORITIES = {"P1": "urgent", "P2": "high", "P3": "normal"}
"""Priority of an action -> that of its card."""
DUE_AFTER = {"P1": 10, "P2": 20, "P3": 40}
"""Priority of an action -> working days until it is due, where nobody says (spec B.4)."""
_LONGEST_AGO = timedelta(days=3660)


def of_card(reader: Reader, card: int) -> tuple[int, Doc] | None:
    """The post-mortem of a card."""
    return next(((number, doc) for number, doc in reader.items(TABLE) if doc.get("card") == card), None)


def get(reader: Reader, number: int) -> Doc:
    """A post-mortem.

    Raises:
        Refused: there is none of that number.
    """
    doc = reader.get(TABLE, number)
    if not doc:
        raise Refused(_("there is no such post-mortem"))
    return doc


def written(doc: Doc) -> dict[str, str]:
    """Section -> what was written for it."""
    found = dict(doc.get("written") or {})
    found |= {name.removeprefix(WRITTEN): text for name, text in doc.items() if name.startswith(WRITTEN)}
    return {name: text for name, text in found.items() if text}


def begin(command: c.DraftPostmortem, asked: Asked) -> list[Event]:
    """Begin it; a card that has one keeps it, and may get another severity."""
    doc = asked.card(command.card, archived=True)
    if command.severity and command.severity not in SEVERITIES:
        raise Refused(_("severity: one of {known}").format(known=", ".join(SEVERITIES)))
    known = of_card(asked.state, command.card)
    if known is not None:
        return _graded(known, command.severity, asked)
    return [begun(doc, asked, severity=command.severity, required=command.severity in URGENT)]


def begun(card: Doc, asked: Asked, *, severity: str = "", required: bool = False) -> Event:
    """The event that begins the post-mortem of a card. A `required` one has a day by which it is to be drafted."""
    number = asked.state.next_id(TABLE)
    ref = f"PM-{asked.at.year}-{asked.state.next_id(f'PM-{asked.at.year}'):03d}"
    doc = {"ref": ref, "card": card["id"], "at": plain(asked.at), "by": asked.by, "status": "draft"}
    if severity:
        doc["severity"] = severity
    if required:
        doc["due"] = plain(working_days(asked.today, DRAFT_DAYS))
    told = {"ref": ref, "postmortem": number}
    return asked.event("postmortem_drafted", "cards", card["id"], data=told, writes=((TABLE, number, doc),))


def working_days(since: date, days: int) -> date:
    """So many days later, Saturdays and Sundays not counted."""
    at = since
    while days:
        at += timedelta(days=1)
        days -= at.weekday() < 5  # noqa: PLR2004 - Monday to Friday
    return at


def _graded(known: tuple[int, Doc], severity: str, asked: Asked) -> list[Event]:
    number, doc = known
    if not severity or doc.get("severity") == severity:
        return []
    changed = {"severity": (doc.get("severity"), severity)}
    return [_event("postmortem_graded", number, doc, asked, changed=changed, severity=severity)]


def write(command: c.WriteSection, asked: Asked) -> list[Event]:
    """What a section says; where it was changed by someone else since it was seen, it is not written over."""
    doc, kind = _doc(command.postmortem, asked)
    section = section_named(kind, command.section)
    if section is None or section.how == "facts":
        raise Refused(_("'{name}' is no section that people write here").format(name=command.section[:40]))
    if section.id in LISTED:
        raise Refused(_("{section} is a list; add to it instead").format(section=section.title))
    text = clean(command.text).strip()
    if len(text) > TEXT_LIMIT:
        raise Refused(_("{n} characters; at most {limit} are taken").format(n=len(text), limit=TEXT_LIMIT))
    now = written(doc).get(section.id, "")
    if command.base is not None and now not in (command.base, text):
        raise Refused(_("{section} was changed by someone else meanwhile; look again").format(section=section.title))
    changed: dict[str, tuple[Any, Any]] = {}
    if text != now:
        changed[WRITTEN + section.id] = (now or None, text or None)
    if command.sure is not None and bool(doc.get(SURE + section.id)) != command.sure:
        changed[SURE + section.id] = (doc.get(SURE + section.id), True if command.sure else None)
    if not changed:
        return []
    return [_event("section_written", command.postmortem, doc, asked, changed=changed, section=section.id)]


def mark(command: c.MarkCard, asked: Asked) -> list[Event]:
    """Say that something happened on a card at a moment: the clocks of an incident are made of these."""
    doc = asked.card(command.card, archived=True)
    if command.mark not in MARKS:
        raise Refused(_("'{name}' is no mark; marks: {known}").format(name=command.mark[:40], known=", ".join(MARKS)))
    at = _moment(command.at, asked)
    note = clean_line(command.note)[:300]
    row = {"mark": command.mark, "at": plain(at), **({"note": note} if note else {})}
    before = doc.get("marks")
    if row in (before or ()):
        return []
    rows = sorted([*(before or ()), row], key=lambda one: one["at"])
    event = asked.event("marked", "cards", doc["id"], changed={"marks": (before, rows)}, data=row)
    return [replace(event, at=at)]


def _moment(text: str, asked: Asked) -> datetime:
    if not text:
        return asked.at
    try:
        at = utc(text)
    except ValueError:
        raise Refused(_("a time reads 2026-09-07T01:05:00Z")) from None
    if not asked.at - _LONGEST_AGO <= at <= asked.at:
        raise Refused(_("a mark is about what has happened: not in the future, not more than ten years ago"))
    return at.astimezone(UTC)


def star(command: c.StarEvent, asked: Asked) -> list[Event]:
    """Say that what a batch did to a card belongs into its story, or does not after all."""
    doc = asked.card(command.card, archived=True)
    before = list(doc.get("stars") or ())
    if (command.batch in before) == command.on:
        return []
    batch = asked.state.batch(command.batch)
    if batch is None or not any(e.table == "cards" and e.id == command.card for e in batch.events):
        raise Refused(_("change {n} is not about {ref}").format(n=command.batch, ref=doc["ref"]))
    after = sorted([*before, command.batch]) if command.on else [n for n in before if n != command.batch]
    return [
        asked.event(
            "starred", "cards", doc["id"], changed={"stars": (before or None, after or None)}, data={"n": command.batch}
        )
    ]


def publish(command: c.PublishPostmortem, asked: Asked) -> list[Event]:
    """Make it final: a card for each action, an entry for each lesson. Asked again, it makes what is new since.

    Raises:
        Refused: something is missing; all of it is named.
    """
    doc, kind = _doc(command.postmortem, asked)
    if left := list(missing(asked.state, command.postmortem, asked.today)):
        raise Refused(_("{ref} is not ready: {what}").format(ref=doc["ref"], what="; ".join(left)))
    events = [*_action_cards(command.postmortem, doc, asked), *_entries(command.postmortem, doc, kind, asked)]
    if doc["status"] == "published" and not events:
        return []
    now = {"status": "published", "published": doc.get("published") or plain(asked.at), "reviewed_by": asked.by}
    changed = {name: (doc.get(name), new) for name, new in now.items() if doc.get(name) != new}
    return [*events, _event("postmortem_published", command.postmortem, doc, asked, changed=changed)]


def missing(reader: Reader, number: int, today: date) -> Iterator[str]:
    """What stands in the way of publishing, one sentence each; nothing when it may be."""
    return (said for _section, _part, said in lacking(reader, number, today))


def lacking(reader: Reader, number: int, today: date) -> Iterator[tuple[str, int | None, str]]:
    """The same with where it is: (section, part or None, sentence)."""
    doc = get(reader, number)
    card = reader.get("cards", doc["card"]) or {}
    members = {member["name"] for _id, member in reader.items("members")}
    for part_id, action in parts.parts_of(reader, number, "action"):
        if not action.get("card") and (why := action_lacks(action, members, plain(today))):
            yield "actions", part_id, _("the action '{text}': {why}").format(text=action["text"][:60], why=why)
    if card.get("kind") == "campaign" and not any(parts.parts_of(reader, number, "lesson")):
        yield "lessons", None, _("a campaign ends with a lesson: write one at least")


def action_lacks(action: Doc, members: Collection[str], today: str) -> str:
    """Why an action is not ready to become a card; empty when it is. `today` is an ISO day."""
    wanted = (("owner", _("an owner")), ("due", _("a due day")), ("done_when", _("a word on when it is done")))
    lacks = [said for name, said in wanted if not action.get(name)]
    if lacks:
        return _("needs {lacks}").format(lacks=", ".join(lacks))
    if members and action["owner"] not in members:
        return _("{name} is no member").format(name=action["owner"])
    if action["due"] <= today:
        return _("is due {day}, which is not in the future").format(day=action["due"])
    return ""


def skip(command: c.SkipPostmortem, asked: Asked) -> list[Event]:
    """Say why there is none; it can be begun again by writing."""
    doc, _kind = _doc(command.postmortem, asked)
    reason = clean_line(command.reason)[:300]
    if not reason:
        raise Refused(_("say why {ref} is skipped").format(ref=doc["ref"]))
    if doc["status"] == "published":
        raise Refused(_("{ref} is published").format(ref=doc["ref"]))
    changed = {"status": (doc["status"], "skipped"), "reason": (doc.get("reason"), reason)}
    return [_event("postmortem_skipped", command.postmortem, doc, asked, changed=changed, reason=reason)]


def _doc(number: int, asked: Asked) -> tuple[Doc, str]:
    doc = get(asked.state, number)
    return doc, (asked.state.get("cards", doc["card"]) or {}).get("kind", "")


def _event(
    kind: str, number: int, doc: Doc, asked: Asked, *, changed: Mapping[str, tuple[Any, Any]], **told: object
) -> Event:
    return asked.event(kind, TABLE, number, changed=dict(changed), data={"ref": doc["ref"], **told})


def _action_cards(number: int, doc: Doc, asked: Asked) -> Iterator[Event]:
    board = first_of(asked.rules.boards, "action")
    waiting = [(i, part) for i, part in parts.parts_of(asked.state, number, "action") if not part.get("card")]
    if waiting and board is None:
        raise Refused(_("there is no board of actions in opstui.toml, so actions have no place"))
    make: Callable[[c.Command, Asked], list[Event]]
    from opstui.domain.decide import decide as make  # noqa: PLC0415 - it imports this module

    for place, (part_id, part) in enumerate(waiting):
        fields = {
            "owner": part["owner"],
            "due": part["due"],
            "done_when": part["done_when"],
            "type": part.get("type") or "prevent",
            "priority": PRIORITIES.get(part.get("priority") or "P2", "normal"),
            "postmortem": doc["ref"],
        }
        (made,) = make(c.CreateCard(board=board.id if board else "", title=part["text"], fields=fields), asked)
        card = made.writes[0][2]
        card["rank"] += place
        yield made
        told = {"postmortem": number, "sort": "action", "text": part["text"]}
        yield asked.event("part_edited", parts.TABLE, part_id, changed={"card": (None, made.id)}, data=told)


def _entries(number: int, doc: Doc, kind: str, asked: Asked) -> Iterator[Event]:
    for part_id, part in parts.parts_of(asked.state, number, "lesson"):
        if not part.get("entry"):
            ref, event = playbook.publish(part, doc, kind, asked)
            yield event
            told = {"postmortem": number, "sort": "lesson", "text": part["text"]}
            yield asked.event("part_edited", parts.TABLE, part_id, changed={"entry": (None, ref)}, data=told)
