"""One person's open cards on all boards, by when they are due; enter goes there, left and right to other people."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from opstui.i18n import _, ngettext
from opstui.projections.my_work import Pile, Report, Work, reports_due
from opstui.ui.screens.lists import ListScreen
from opstui.ui.seeking import Seeking
from opstui.ui.widgets.card_rows import card_entry, columns
from opstui.ui.widgets.entries import Entry, Section
from opstui.ui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from opstui.ui.desk import Desk


class MyWork(ListScreen[int | None]):
    """Gives the card to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,w", "leave", show=False),
        Binding("right,l,tab", "other(1)", show=False),
        Binding("left,h,shift+tab", "other(-1)", show=False),
    ]
    keys = (
        _("enter go to the card   ← → someone else's work   esc back"),
        _("enter go there  ← → someone else  esc back"),
    )
    bare = (_("← → someone else's work   esc back"), _("← → others  esc back"))

    def __init__(self, desk: Desk) -> None:
        """Begin with one's own."""
        super().__init__()
        self._desk = desk
        me, state = desk.session.actor.name, desk.workspace.state
        others = sorted({str(doc["name"]) for _id, doc in state.items("members")} - {me}, key=str.casefold)
        self.people = (me, *others, "")
        self.whose = me
        self.rows = Listing(self._entry, columns(24), id="work")
        self._seeking = Seeking(desk.workspace.store, self._spawn, self._piles, self._show)
        self._work: Work | None = None
        self._reports: tuple[Report, ...] = ()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.run_worker(work)

    def fill(self) -> None:
        """Seek the work of whoever is chosen."""
        settings = self._desk.workspace.settings
        self._work = Work(self._desk.workspace.state, settings.boards, self.whose)
        self._reports = reports_due(self._desk.workspace.state, self.whose)
        self._seeking.begin(self._work)
        self._show(self._piles())

    def news(self, cards: frozenset[int] | None) -> None:
        """Cards that changed are looked at again, and no others."""
        if self._work is None or cards is None:
            self.fill()
            return
        self._work.again(cards)
        self._reports = reports_due(self._desk.workspace.state, self.whose)
        self.rows.forget()
        self._show(self._piles())

    def on_unmount(self) -> None:
        """Nothing is sought behind a closed list."""
        self._seeking.begin(None)

    def _piles(self) -> tuple[Pile, ...]:
        return self._work.piles(self._desk.today) if self._work else ()

    def _show(self, piles: tuple[Pile, ...]) -> None:
        count = sum(len(pile.cards) for pile in piles)
        cards = ngettext("{n} open card", "{n} open cards", count)
        settled = self._work is None or self._work.settled
        self.head(self._title(), cards if settled else _("{cards} so far").format(cards=cards))
        empty = self._nothing() if settled else _("looking …")
        reports = Section(_("Post-mortems to write"), self._reports, _("m on the card writes it"))
        self.lay([reports, *(Section(pile.name, pile.cards) for pile in piles)], empty)

    def _nothing(self) -> str:
        """Why nothing is there, in the words of whose work it is."""
        if self.whose == self.people[0]:
            return _("nothing yet; open cards that are assigned to you stand here")
        if self.whose:
            return _("{name} has no open cards").format(name=self.whose)
        return _("every open card has somebody who does it")

    def _title(self) -> str:
        if self.whose == self.people[0]:
            return _("My work")
        return _("{name}'s work").format(name=self.whose) if self.whose else _("Nobody's work")

    def _entry(self, key: Hashable) -> Entry:
        if isinstance(key, Report):
            return card_entry(self._desk.face(key.card), f"{key.ref} · {key.due}")
        assert isinstance(key, int)
        card = self._desk.workspace.card(key)
        board = self._desk.workspace.settings.board(card.board)
        stage = board.stage(card.stage) if board else None
        place = f"{board.name if board else card.board} · {stage.name if stage else card.stage}"
        return card_entry(self._desk.face(key), place)

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """There."""
        assert isinstance(event.key, int | Report)
        self.dismiss(event.key.card if isinstance(event.key, Report) else event.key)

    def action_leave(self) -> None:
        """Back to the board."""
        self.dismiss(None)

    def action_other(self, by: int) -> None:
        """The work of the next person."""
        at = (self.people.index(self.whose) + by) % len(self.people)
        self.whose = self.people[at]
        self.fill()
        self.rows.to_top()
