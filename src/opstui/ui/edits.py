"""Saving what was typed into a form, when others may have saved meanwhile.

Two who change different fields never notice each other. Where it is the same field, the person is shown both values and
decides; long texts and lists can be merged, and the merged text is shown before it is saved.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from opstui.domain import commands as c
from opstui.domain.model import Conflict, Doc, Field, fields_of
from opstui.i18n import _
from opstui.typed import Here, shown
from opstui.ui.merge import merge_lists, merge_texts
from opstui.ui.rows import row_of
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from opstui.ui.attempts import Host

Try = Callable[[Callable[[], Plan], int | None], Awaitable[str]]
MERGED = ("long", "tags", "list")
"""Shapes of fields that can be merged."""


class Edit:
    """An edit of the fields of a card, made from what `doc` was when the form opened."""

    def __init__(self, doc: Doc, said: str, here: Here, submit: Try, host: Host) -> None:
        """`said` are the words once it is done."""
        self._doc, self._said, self._here, self._submit, self._host = doc, said, here, submit, host
        self._base = dict(doc)

    async def save(self, values: dict[str, Any]) -> str:
        """Save these values; gives the reason when that was refused, or when the person went back to the form."""
        card = int(self._doc["id"])
        values = {name: value for name, value in values.items() if value != self._base.get(name)}
        while True:
            asked = c.EditCard(card=card, values=dict(values), base={name: self._base.get(name) for name in values})
            try:
                return await self._submit(lambda asked=asked: Plan((asked,), self._said), card)  # type: ignore[misc]
            except Conflict as clash:
                if not await self._settle(clash, values):
                    return _("not saved: {field} was changed meanwhile").format(field=_(self._field(clash).label))
                if not values:
                    self._host.settled(card)
                    self._host.say(_("kept theirs"))
                    return ""

    async def _settle(self, clash: Conflict, values: dict[str, Any]) -> bool:
        """Ask whose value is to stand; False when the person wants back to the form, where all is as before."""
        from opstui.ui.screens.conflict import ConflictDialog  # noqa: PLC0415 - hardly ever needed

        field = self._field(clash)
        title = _("{field} of {ref} was changed by someone else meanwhile")
        verdict = await self._host.ask(
            ConflictDialog(
                title.format(field=_(field.label), ref=self._doc["ref"]),
                self._text(field, clash.theirs),
                self._text(field, clash.mine),
                merge=field.shape in MERGED,
            )
        )
        if verdict == "cancel":
            return False
        if verdict == "merge":
            return await self._merge(field, clash, values)
        self._base[clash.field] = clash.theirs
        if verdict == "theirs":
            values.pop(clash.field)
        return True

    async def _merge(self, field: Field, clash: Conflict, values: dict[str, Any]) -> bool:
        """Show the merged text, to be corrected, and take what comes of it."""
        from opstui.ui.screens.form import Form  # noqa: PLC0415 - hardly ever needed

        merged, both = self._merged(field, clash)
        row = row_of(field, {field.name: merged}, self._here)
        note = _("lines that both changed stand here twice, theirs first") if both else _("nothing of either is lost")

        async def take(typed: dict[str, Any]) -> str:
            values[field.name] = typed.get(field.name, merged)
            return ""

        title = _("Merged: {field} of {ref}").format(field=_(field.label), ref=self._doc["ref"])
        if not await self._host.ask(Form(title, [row], take, note)):
            return False
        self._base[clash.field] = clash.theirs
        return True

    def _merged(self, field: Field, clash: Conflict) -> tuple[Any, bool]:
        """Both values in one, and whether there were lines that both changed."""
        base = self._base.get(field.name)
        if field.shape == "long":
            merged = merge_texts(base or "", clash.theirs or "", clash.mine or "")
            return merged.text, merged.clashes > 0
        return merge_lists(_slim(base), _slim(clash.theirs), _slim(clash.mine)), False

    def _text(self, field: Field, value: Any) -> str:
        return shown(field, value, self._here, between="\n")

    def _field(self, clash: Conflict) -> Field:
        return next(f for f in fields_of(self._doc["kind"]) if f.name == clash.field)


def _slim(entries: list[Any] | None) -> list[Any]:
    """Entries of a list as they compare: rows without what is at its default, be it stored or only typed."""
    return [{k: v for k, v in e.items() if v not in ("", 0, None)} if isinstance(e, dict) else e for e in entries or []]
