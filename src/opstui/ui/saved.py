"""The filters a member can choose from: their own, those all share, and those that are always there.

Their own lie in their preferences; shared ones are part of the state and change like cards do, so every console sees
them at once and undo takes them back. A query is kept as it was typed: what it means today is found out today, and one
that means nothing any more (its stage is gone) says so and stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from opstui.domain.commands import RemoveFilter, SaveFilter, Undo
from opstui.domain.filters import filter_name, shared_filters
from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.ui.preferences import OwnFilter
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from opstui.ui.desk import Desk
    from opstui.ui.session import Session


class Saved(Struct, frozen=True):
    """A filter that can be chosen. `board` is an id, "" for any; `number` the id of a shared one."""

    name: str
    query: str
    board: str = ""
    kind: Literal["mine", "shared", "ours"] = "mine"
    number: int = 0
    by: str = ""


def ours() -> tuple[Saved, ...]:
    """Those that are always there."""
    return (
        Saved(_("my open cards"), "is:mine is:open", kind="ours"),
        Saved(_("late"), "is:late", kind="ours"),
        Saved(_("blocked"), "is:blocked is:open", kind="ours"),
        Saved(_("due this week"), "due:this-week is:open", kind="ours"),
        Saved(_("unassigned"), "is:unassigned is:open", kind="ours"),
    )


def problem(saved: Saved, desk: Desk) -> str:
    """Why it cannot be applied, if it cannot."""
    board = desk.workspace.settings.board(saved.board) if saved.board else desk.board
    if board is None:
        return _("its board is no longer in opstui.toml")
    try:
        desk.read(saved.query, board)
    except Refused as no:
        return str(no)
    return ""


class Shelf:
    """The filters of one session. What changes them gives the words to tell, and raises Refused or StoreError."""

    def __init__(self, session: Session) -> None:
        """Read anew each time it is asked: others share and remove."""
        self._session = session
        self._gone: list[OwnFilter | int] = []
        """What was removed here, newest last: an own filter, or the batch that removed a shared one."""

    @property
    def removed(self) -> bool:
        """Whether something was removed here that can be put back."""
        return bool(self._gone)

    def mine(self) -> tuple[Saved, ...]:
        """The member's own, by name."""
        own = (Saved(f.name, f.query, f.board) for f in self._session.kept.now.filters)
        return tuple(sorted(own, key=lambda saved: saved.name.casefold()))

    def shared(self) -> tuple[Saved, ...]:
        """Those that all share, by name."""
        found = (
            Saved(doc["name"], doc["query"], doc.get("board", ""), "shared", number, doc.get("by", ""))
            for number, doc in shared_filters(self._session.workspace.state)
        )
        return tuple(sorted(found, key=lambda saved: saved.name.casefold()))

    def all(self) -> Iterator[Saved]:
        """Every one of them."""
        yield from (*self.mine(), *self.shared(), *ours())

    async def save(self, name: str, query: str, board: str, *, shared: bool) -> str:
        """Keep a filter; one's own of the same name gives way."""
        name = filter_name(name)
        if shared:
            await self._submit(SaveFilter(name=name, query=query, board=board), name)
            return _('saved the filter "{name}" for all · u undo').format(name=name)
        await self._keep(OwnFilter(name, query, board), instead=name)
        return _('saved the filter "{name}"').format(name=name)

    async def change(self, saved: Saved, name: str, query: str) -> str:
        """Another name or another query."""
        name = filter_name(name)
        if saved.kind == "shared":
            asked = SaveFilter(filter=saved.number, name=name, query=query, board=saved.board, base=saved.query)
            await self._submit(asked, name)
        else:
            await self._keep(OwnFilter(name, query, saved.board), instead=saved.name)
        return _('the filter "{name}" is changed').format(name=name)

    async def remove(self, saved: Saved) -> str:
        """Take it away; `put_back` brings it back."""
        if saved.kind == "ours":
            raise Refused(_("this one is always there"))
        if saved.kind == "shared":
            self._gone.append(await self._submit(RemoveFilter(filter=saved.number), saved.name))
        else:
            await self._keep(None, instead=saved.name)
            self._gone.append(OwnFilter(saved.name, saved.query, saved.board))
        return _('removed "{name}" · u puts it back').format(name=saved.name)

    async def put_back(self) -> str:
        """The one that was removed here last."""
        if not self._gone:
            raise Refused(_("nothing was removed here"))
        last = self._gone.pop()
        if isinstance(last, OwnFilter):
            await self._keep(last, instead=last.name)
            return _('"{name}" is back').format(name=last.name)
        done = self._session.steps.done
        if done and done[-1].batches == (last,):
            await self._session.steps.undo()
        else:
            await self._session.submit(lambda: Plan((Undo(batch=last),), _("put a filter back")))
        return _("it is back")

    async def _keep(self, new: OwnFilter | None, *, instead: str) -> None:
        kept = self._session.kept
        latest = await asyncio.to_thread(kept.latest)
        others = [f for f in latest.filters if f.name.casefold() not in _names(new, instead)]
        if why := await kept.keep(filters=(*others, new) if new else tuple(others)):
            raise Refused(why)

    async def _submit(self, command: SaveFilter | RemoveFilter, name: str) -> int:
        deed = _('removed the filter "{name}"') if isinstance(command, RemoveFilter) else _('saved the filter "{name}"')
        receipt, _said = await self._session.submit(lambda: Plan((command,), deed.format(name=name)))
        return receipt.batch or 0


def _names(new: OwnFilter | None, instead: str) -> set[str]:
    return {instead.casefold(), *({new.name.casefold()} if new else ())}
