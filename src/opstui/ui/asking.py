"""The verbs that ask before they do something: all fields of a card, one of them, a reason, a comment, a link."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from opstui.domain import commands as c
from opstui.domain.decide import RELATIONS
from opstui.domain.model import Doc, clean_line
from opstui.i18n import _
from opstui.projections.timeline import relation
from opstui.ui.attempts import Attempts
from opstui.ui.ink import clip
from opstui.ui.rows import Row, card_rows, one_row
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opstui.domain.boards import Board, Stage
    from opstui.ui.screens.form import Save


class Asking(Attempts):
    """Asks by a form."""

    @staticmethod
    def birthplace(board: Board, stage: str) -> Stage:
        """Where a new card begins: in that stage; no card is born over, then it is the first one."""
        place = board.stage(stage)
        return board.stages[0] if place is None or place.ends else place

    async def new(
        self, board: Board, stage: str, title: str = "", fields: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        """A new card, by a form; only the title is needed. `fields` are what stands in it at first."""
        place, here = self.birthplace(board, stage), self.here({})
        begun = {"title": title, **fields} if title else dict(fields)
        rows = card_rows(board.kind, begun, here, self.sources.of(board.id, here.today))

        async def save(values: dict[str, Any]) -> str:
            title, values = values["title"], {**fields, **values}
            del values["title"]
            short = clip(clean_line(title), 40)
            said = _("created {title}").format(title=short)
            return await self.attempt(
                lambda: Plan((c.CreateCard(board=board.id, title=title, fields=values, stage=place.id),), said),
                None,
                lambda card: _("created {ref} {title}").format(ref=self._doc(card)["ref"], title=short),
            )

        heading = _("New on {board} · {stage}").format(board=board.name, stage=place.name)
        await self._form(heading, rows, save, f"new-{board.id}")

    async def edit(self, card: int) -> None:
        """All fields of a card."""
        doc, here = self._doc(card), self.here(self._doc(card))
        rows = card_rows(doc["kind"], doc, here, self.sources.of(doc["board"], here.today))
        title, saver = _("Edit {ref}").format(ref=doc["ref"]), self._saver(doc, _("edited {ref}"))
        await self._form(title, rows, saver, f"edit-{card}")

    async def field(self, card: int, name: str, title: str, said: str) -> None:
        """One field of a card. `title` and `said` take the card's ref."""
        doc, here = self._doc(card), self.here(self._doc(card))
        source = self.sources.of(doc["board"], here.today, alone=True).get(name)
        row = one_row(doc["kind"], name, doc, here, source)
        await self._form(title.format(ref=doc["ref"]), [row], self._saver(doc, said), f"{name}-{card}")

    async def assign(self, card: int) -> None:
        """Who does it."""
        await self.field(card, "owner", _("Who does {ref}? Empty for nobody"), _("assigned {ref}"))

    async def due(self, card: int) -> None:
        """By when."""
        await self.field(card, "due", _("When is {ref} due? Empty for no date"), _("changed the due day of {ref}"))

    async def tags(self, card: int) -> None:
        """Tags."""
        await self.field(card, "tags", _("Tags of {ref}"), _("tagged {ref}"))

    async def priority(self, card: int) -> None:
        """Priority; its first letter is enough."""
        await self.field(card, "priority", _("Priority of {ref}"), _("changed the priority of {ref}"))

    def _saver(self, doc: Doc, said: str) -> Save:
        from opstui.ui.edits import Edit  # noqa: PLC0415 - not needed for the first picture

        return Edit(doc, said.format(ref=doc["ref"]), self.here(doc), self.attempt, self._host).save

    async def block(self, card: int) -> None:
        """Say what it waits for; a blocked card can go on again."""
        doc = self._doc(card)
        if doc.get("blocker"):
            said = _("{ref} can go on").format(ref=doc["ref"])
            await self._do(lambda: Plan((c.UnblockCard(card=card),), said), card)
            return
        rows = [
            Row(name="reason", label=_("Reason"), required=True, read=clean_line),
            Row(
                name="waiting_on",
                label=_("Waiting on"),
                read=clean_line,
                hint=_("a person, a supplier; may stay empty"),
            ),
        ]
        said = _("blocked {ref}").format(ref=doc["ref"])

        async def save(values: dict[str, Any]) -> str:
            asked = c.BlockCard(card=card, reason=values["reason"], waiting_on=values.get("waiting_on", ""))
            return await self.attempt(lambda: Plan((asked,), said), card)

        await self._form(_("Why can {ref} not go on?").format(ref=doc["ref"]), rows, save, f"block-{card}")

    async def comment(self, card: int) -> None:
        """Write a comment of one or many lines."""
        ref = self._doc(card)["ref"]
        row = Row(name="text", label=_("Comment"), shape="long", required=True)

        async def save(values: dict[str, Any]) -> str:
            asked = c.AddComment(card=card, text=values["text"])
            return await self.attempt(lambda: Plan((asked,), _("commented on {ref}").format(ref=ref)), card)

        await self._form(_("Comment on {ref}").format(ref=ref), [row], save, f"comment-{card}")

    async def link(self, card: int) -> None:
        """Link to another card, found by its ref or by words of its title."""
        words = {relation(name): name for name in RELATIONS}
        rows = [
            Row(
                name="relation", label=_("How"), choices=tuple(words), text=relation("relates"), read=words.__getitem__
            ),
            Row(
                name="other",
                label=_("Card"),
                required=True,
                first=True,
                read=self._ref,
                source=self.sources.cards(card),
                hint=_("ORD-0042, or words of its title"),
                echo=self._title,
            ),
        ]
        ref = self._doc(card)["ref"]

        async def save(values: dict[str, Any]) -> str:
            asked = c.LinkCards(card=card, other=values["other"], relation=values.get("relation", "relates"))
            return await self.attempt(lambda: Plan((asked,), _("linked {ref}").format(ref=ref)), card)

        await self._form(_("Link {ref} to").format(ref=ref), rows, save, f"link-{card}")

    def _ref(self, text: str) -> int:
        found = self._workspace.state.find_ref(clean_line(text).upper())
        if found is None:
            raise ValueError(_("no card has this number"))
        return found

    def _title(self, ref: str) -> str:
        found = self._workspace.state.find_ref(clean_line(ref).upper())
        doc = self._workspace.state.get("cards", found) if found is not None else None
        return str(doc["title"])[:60] if doc else ""
