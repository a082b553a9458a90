"""What may be asked of a checklist. Each deed is one event that carries the whole list before and after.

So undo needs no rule of its own here: it puts the list back, unless somebody has changed it since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opstui.domain import commands as c
from opstui.domain.model import Doc, Refused, clean_line
from opstui.i18n import _

if TYPE_CHECKING:
    from opstui.domain.decide import Asked
    from opstui.domain.events import Event

TEXT_LIMIT = 500
Items = list[dict[str, Any]]


def add(command: c.AddCheck, asked: Asked) -> list[Event]:
    """A new item, at the end."""
    doc, text = asked.card(command.card), _text(command.text)
    items = _items(doc)
    item = {"id": max((i["id"] for i in items), default=0) + 1, "text": text}
    return _changed("checklist_added", asked, doc, [*items, item], text=text)


def tick(command: c.TickCheck, asked: Asked) -> list[Event]:
    """Done, or not done after all."""
    doc = asked.card(command.card)
    item = _item(doc, command.item)
    if item.get("done", False) == command.done:
        return []
    new = [{**i, "done": command.done} if i is item else i for i in _items(doc)]
    return _changed("checklist_ticked", asked, doc, new, text=item["text"], done=command.done)


def edit(command: c.EditCheck, asked: Asked) -> list[Event]:
    """Other words for an item; it stays ticked if it was."""
    doc, text = asked.card(command.card), _text(command.text)
    item = _item(doc, command.item)
    if item["text"] == text:
        return []
    new = [{**i, "text": text} if i is item else i for i in _items(doc)]
    return _changed("checklist_edited", asked, doc, new, text=text, was=item["text"])


def remove(command: c.RemoveCheck, asked: Asked) -> list[Event]:
    """An item away."""
    doc = asked.card(command.card)
    item = _item(doc, command.item)
    return _changed("checklist_removed", asked, doc, [i for i in _items(doc) if i is not item], text=item["text"])


def move(command: c.MoveCheck, asked: Asked) -> list[Event]:
    """An item above another, or to the end."""
    doc = asked.card(command.card)
    item = _item(doc, command.item)
    others = [i for i in _items(doc) if i is not item]
    above = len(others) if command.before is None else others.index(_item(doc, command.before, but=item))
    new = [*others[:above], item, *others[above:]]
    return [] if new == _items(doc) else _changed("checklist_moved", asked, doc, new, text=item["text"])


def _items(doc: Doc) -> Items:
    return doc.get("checklist") or []


def _item(doc: Doc, number: int, but: dict[str, Any] | None = None) -> dict[str, Any]:
    found = next((i for i in _items(doc) if i["id"] == number and i is not but), None)
    if found is None:
        raise Refused(_("{ref} has no checklist item {n}").format(ref=doc["ref"], n=number))
    return found


def _text(typed: str) -> str:
    text = clean_line(typed)[:TEXT_LIMIT]
    if not text:
        raise Refused(_("the checklist item is empty"))
    return text


def _changed(kind: str, asked: Asked, doc: Doc, items: Items, **told: Any) -> list[Event]:
    change = {"checklist": (doc.get("checklist"), items or None)}
    return [asked.event(kind, "cards", doc["id"], changed=change, data=told)]
