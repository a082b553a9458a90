"""What lessons leave behind: entries that apply to later campaigns, and put their check on the launch checklist.

An entry is a lesson that was published. A lesson that names an entry makes a new version of it, so that a playbook does
not fill up with things that are said five times.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from opstui.domain.boards import Board, Stage
from opstui.domain.model import Doc, Refused
from opstui.domain.state import Reader
from opstui.i18n import _

if TYPE_CHECKING:
    from opstui.domain.decide import Asked
    from opstui.domain.events import Event

TABLE = "playbook"
LAUNCH = "live"
"""The stage of a campaign that is shut while checks of the playbook are open."""


def entries(reader: Reader) -> Iterator[tuple[int, Doc]]:
    """The entries that stand, by id."""
    return ((number, doc) for number, doc in reader.items(TABLE) if doc.get("text"))


def applying(reader: Reader, kind: str, tags: list[str], today: date) -> list[tuple[int, Doc]]:
    """The entries for a card of that kind with these tags: those without tags of their own, or with one of them."""
    mine = {tag.casefold() for tag in tags}
    return [
        (number, doc)
        for number, doc in entries(reader)
        if doc["kind"] == kind
        and (doc.get("until") or "9999") >= today.isoformat()
        and doc.get("keep") != "stop"
        and (not doc.get("applies") or mine & {tag.casefold() for tag in doc["applies"]})
    ]


def with_checks(doc: Doc, reader: Reader, today: date) -> list[dict[str, Any]]:
    """The checklist of a campaign with the checks of the entries that apply to it, each once."""
    items = list(doc.get("checklist") or [])
    known = {item.get("playbook") for item in items}
    last = max((item["id"] for item in items), default=0)
    for _number, entry in applying(reader, doc["kind"], list(doc.get("tags") or []), today):
        if entry.get("check") and entry["ref"] not in known:
            last += 1
            items.append({"id": last, "text": entry["check"], "playbook": entry["ref"]})
    return items


def may_launch(doc: Doc, board: Board, stage: Stage) -> None:
    """Let a campaign go live only when what earlier ones taught was checked.

    Raises:
        Refused: it names the checks that are open.
    """
    if board.kind != "campaign" or stage.id != LAUNCH:
        return
    left = [item for item in doc.get("checklist") or () if item.get("playbook") and not item.get("done")]
    if left:
        named = "; ".join(_("{text} ({ref})").format(text=item["text"], ref=item["playbook"]) for item in left[:3])
        more = _(" and {n} more").format(n=len(left) - 3) if len(left) > 3 else ""  # noqa: PLR2004 - three are read
        raise Refused(
            _("{ref} cannot go live yet: tick what earlier campaigns taught: {named}{more}").format(
                ref=doc["ref"], named=named, more=more
            )
        )


def publish(lesson: Doc, postmortem: Doc, kind: str, asked: Asked) -> tuple[str, Event]:
    """The entry that a lesson makes, or the new version of the one that it names: its ref and what happens."""
    wanted = str(lesson.get("playbook") or "").upper()
    known = next(((number, doc) for number, doc in entries(asked.state) if doc["ref"] == wanted), None)
    before: Doc = {}
    if known is None:
        number = asked.state.next_id(TABLE)
        ref = f"PB-{asked.state.next_id('PB'):04d}"
    else:
        number, before = known
        ref = before["ref"]
    after = {name: lesson.get(name) for name in ("text", "keep", "check", "applies", "baseline", "until")}
    after |= {"ref": ref, "kind": kind, "evidence": postmortem["ref"], "edition": before.get("edition", 0) + 1}
    changed = {name: (before.get(name), new) for name, new in after.items() if before.get(name) != new}
    return ref, asked.event(
        "playbook_changed", TABLE, number, changed=changed, data={"ref": ref, "text": lesson["text"]}
    )
