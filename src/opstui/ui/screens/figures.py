"""The numbers of one page at a time: flow, campaigns, service, stock. Each number opens the cards it counted.

A page is worked out in a thread and shown when it is done; the one that was there stays meanwhile. What others change
is in it some seconds later, as with the numbers beside the board.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Literal

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from opstui.domain.model import Refused
from opstui.i18n import _, ngettext
from opstui.projections.figures.source import PERIODS
from opstui.store.protocol import StoreError
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import cells, clip, fullest
from opstui.ui.readers import READERS
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.charts.measure import written
from opstui.ui.widgets.panels import Panels

if TYPE_CHECKING:
    from textual.timer import Timer

    from opstui.formats import Formats
    from opstui.projections.panels import Element, Page, Panel
    from opstui.ui.live import News

Pages = Callable[[str, int], "Page"]
"""(page id, days) -> the page; takes its time, so it is called in a thread."""
LATER = 2.0
"""Seconds after a change until a page that is open is worked out again."""
NAMES: dict[str, str] = {
    "flow": _("Flow"),
    "campaigns": _("Campaigns"),
    "service": _("Service"),
    "stock": _("Stock"),
    "customers": _("Customers"),
}
"""The pages by id, in the order of their keys."""
FIRST_KEY = 5


class Left(Struct, frozen=True):
    """How the screen was left: the cards of a number, a card about it, or another board; and where the cursor was."""

    what: Literal["cards", "action", "board", "movement", "product", "figures"]
    query: str = ""
    board: int = 0
    about: tuple[Page, Panel, Element] | None = None
    told: str = ""
    """That number in words."""


class Seat(Struct):
    """Where one was on the pages, so that coming back from a number's cards shows the same."""

    page: str = "flow"
    days: int = PERIODS[0]
    tables: bool = False
    cursors: dict[str, tuple[int, int]] = {}
    known: dict[tuple[str, int], Page] = {}
    about: tuple[str, int | None] | None = None
    """The board and the card that the known pages are about."""


class FiguresScreen(Dialog[Left | None]):
    """Gives how it was left; None for escape."""

    AUTO_FOCUS = "Panels"
    HORIZONTAL_BREAKPOINTS = []  # noqa: RUF012 - it takes the whole width
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        *(Binding(str(FIRST_KEY + n), f"turn('{name}')", show=False) for n, name in enumerate(NAMES)),
        *(Binding(str(n), f"board({n - 1})", show=False) for n in range(1, FIRST_KEY)),
        Binding("T", "table", show=False),
        Binding("left_square_bracket", "period(-1)", show=False),
        Binding("right_square_bracket", "period(1)", show=False),
        Binding("n", "action", show=False),
        Binding("m", "stock('movement')", show=False),
        Binding("e", "stock('product')", show=False),
        Binding("D", "figures", show=False),
    ]
    DEFAULT_CSS = """
    FiguresScreen { background: transparent;
        & > .sheet { width: 100%; height: 1fr; margin-top: 1; background: $panel; }
        & .top { height: 1; padding: 0 1 0 2; }
        & .title { width: auto; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        & .pages { width: 1fr; padding: 0 0 0 3; color: $muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & .note { width: auto; color: $muted; text-wrap: nowrap; }
        & .foot { height: 1; padding: 0 1 0 2; text-wrap: nowrap; text-overflow: ellipsis; }
        & .keys { height: 1; padding: 0 1 0 2; color: $muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & .keys.-wrong { color: $late; }
        & Panels { margin-top: 1; }
    }
    """

    def __init__(self, pages: Pages, formats: Formats, seat: Seat) -> None:
        """Begin where one sat last."""
        super().__init__()
        self._pages, self._formats, self._seat = pages, formats, seat
        self.panels = Panels(formats)
        self._busy = False
        self._stale = False
        self._soon: Timer | None = None

    def compose(self) -> ComposeResult:
        """Title, pages and period; the panels; the number under the cursor; the keys."""
        with Vertical(classes="sheet"):
            with Horizontal(classes="top"):
                yield Static("", classes="title", markup=False)
                yield Static("", classes="pages", markup=False)
                yield Static("", classes="note", markup=False)
            yield self.panels
            yield Static("", classes="foot", markup=False)
            yield Static("", classes="keys", markup=False)

    def on_mount(self) -> None:
        """What is known at once, and then what is true now."""
        known = self._seat.known.get((self._seat.page, self._seat.days))
        self._head(known)
        if known is not None:
            self._show(known)
        self._tell()
        self._ask()

    def on_resize(self) -> None:
        """The keys that fit."""
        if self.query(".keys"):
            self._tell()
            self._head(self.panels.page)

    # ------------------------------------------------------------------ the page

    def _ask(self) -> None:
        """Work the page out; one at a time."""
        if self._busy:
            self._stale = True
            return
        self._busy, self._stale = True, False
        if self.panels.page is None:
            self._tell(_("reading the history ..."))
        self.run_worker(self._work_out())

    async def _work_out(self) -> None:
        seat = self._seat
        asked = seat.page, seat.days
        try:
            page = await asyncio.get_running_loop().run_in_executor(READERS, self._pages, *asked)
        except (Refused, StoreError) as no:
            self._tell(str(no), wrong=True)
            return
        finally:
            self._busy = False
        seat.known[asked] = page
        if asked == (seat.page, seat.days):
            self._show(page)
            self._tell()
        if self._stale or asked != (seat.page, seat.days):
            self._ask()

    def _show(self, page: Page) -> None:
        if self.panels.page is None or self.panels.page.id != page.id:
            self.panels.panel, self.panels.element = 0, 0
            self.panels.show(page, tables=self._seat.tables)
            if (cursor := self._seat.cursors.get(page.id)) is not None:
                self.panels.put(*cursor)
        else:
            self.panels.show(page, tables=self._seat.tables)
        self._head(page)

    def on_news(self, event: News) -> None:
        """Something was changed: soon, all of it at once."""
        del event
        if self._soon is None:
            self._soon = self.set_timer(LATER, self._again)

    def _again(self) -> None:
        self._soon = None
        self._ask()

    # ------------------------------------------------------------------ words

    def _head(self, page: Page | None) -> None:
        seat = self._seat
        tabs = "  ".join(
            f"[{FIRST_KEY + n} {name}]" if key == seat.page else f" {FIRST_KEY + n} {name} "
            for n, (key, name) in enumerate(NAMES.items())
        )
        self.query_one(".pages", Static).update(Content(tabs))
        days = ngettext("{n} day", "{n} days", seat.days).format(n=seat.days)
        note = f"{MARKS['before']} {days} {MARKS['after']}"
        self.query_one(".note", Static).update(Content(note))
        room = self.size.width - cells(tabs) - cells(note) - 7
        title = page.subject if page is not None and page.subject else NAMES[seat.page]
        self.query_one(".title", Static).update(Content(clip(title, max(8, room))))

    def _tell(self, text: str = "", *, wrong: bool = False) -> None:
        """What happened, in the place of the keys; with nothing to tell, the keys."""
        foot = self.query_one(".keys", Static)
        foot.update(Content(text or fullest(self._keys(), self.size.width - 3)))
        foot.set_class(wrong, "-wrong")

    def _keys(self) -> tuple[str, ...]:
        cards = self.panels.here is not None and bool(self.panels.here[1].query)
        enter = _("enter its cards") if cards else _("no cards behind this")
        chart = _("T chart") if self._seat.tables else _("T table")
        if self._seat.page == "stock":
            return (
                _("{enter}   m movement   e product   tab next panel   {chart}   [ ] period   esc back").format(
                    enter=enter, chart=chart
                ),
                _("{enter}  m movement  e product  {chart}  esc").format(enter=enter, chart=chart),
            )
        if self._seat.page == "campaigns":
            return (
                _("{enter}   D daily figures   tab next panel   {chart}   [ ] period   n action   esc back").format(
                    enter=enter, chart=chart
                ),
                _("{enter}  D figures  {chart}  n action  esc").format(enter=enter, chart=chart),
            )
        return (
            _("{enter}   hjkl move   tab next panel   {chart}   [ ] period   n make it an action   esc back").format(
                enter=enter, chart=chart
            ),
            _("{enter}  hjkl move  tab panel  {chart}  [ ] period  n action  esc").format(enter=enter, chart=chart),
            _("{enter}  tab panel  {chart}  esc").format(enter=enter, chart=chart),
        )

    def on_panels_pointed(self) -> None:
        """Say what stands under the cursor, in full."""
        self._seat.cursors[self._seat.page] = self.panels.panel, self.panels.element
        self.query_one(".foot", Static).update(Content(self._sentence()))
        self._tell()

    def _sentence(self) -> str:
        if self.panels.here is None:
            return ""
        panel, element = self.panels.here
        value = written(element.value, element.unit or panel.unit, self._formats)
        where = [element.label]
        if element.series and element.series != element.label:
            where.insert(0, element.series)
        if element.at is not None and element.at.isoformat() not in element.label:
            where.append(self._formats.iso_day(element.at))
        parts = [f"{', '.join(where)}: {value}"]
        if element.target is not None:
            goal = written(element.target, element.unit or panel.unit, self._formats)
            parts.append(_("target {goal}").format(goal=goal))
        if element.cards:
            parts.append(ngettext("{n} card", "{n} cards", element.cards).format(n=element.cards))
        parts += [panel.stale] if panel.stale else []
        parts += [element.note] if element.note else [panel.method] if panel.method else []
        return " · ".join(parts)

    # ------------------------------------------------------------------ keys

    def on_panels_opened(self) -> None:
        """Enter: the cards."""
        if self.panels.here is None:
            return
        panel, element = self.panels.here
        if element.query and element.cards:
            self.dismiss(Left("cards", element.query))
        else:
            self._tell(element.note or panel.method or _("there are no cards behind this number"))

    def action_leave(self) -> None:
        """Back to the board."""
        self.dismiss(None)

    def action_turn(self, page: str) -> None:
        """Another page; the same one again goes back to the board."""
        if page == self._seat.page:
            self.dismiss(None)
            return
        self._seat.page = page
        known = self._seat.known.get((page, self._seat.days))
        if known is not None:
            self._show(known)
        self._head(known)
        self._ask()

    def action_board(self, number: int) -> None:
        """One of the boards."""
        self.dismiss(Left("board", board=number))

    def action_period(self, by: int) -> None:
        """More days, or fewer."""
        at = PERIODS.index(self._seat.days) + by
        if 0 <= at < len(PERIODS):
            self._seat.days = PERIODS[at]
            self._head(self.panels.page)
            self._ask()

    def action_table(self) -> None:
        """The same numbers as a table, or as charts again."""
        self._seat.tables = not self._seat.tables
        if self.panels.page is not None:
            self.panels.show(self.panels.page, tables=self._seat.tables)

    def action_stock(self, what: Literal["movement", "product"]) -> None:
        """On the page about stock: a movement of the product under the cursor, or what is known of it."""
        if self._seat.page == "stock" and self.panels.page is not None:
            about = (self.panels.page, *self.panels.here) if self.panels.here else None
            self.dismiss(Left(what, about=about))

    def action_figures(self) -> None:
        """On the page about campaigns: figures of a day, typed."""
        if self._seat.page == "campaigns":
            self.dismiss(Left("figures"))

    def action_action(self) -> None:
        """A card about this number."""
        if self.panels.here is not None and self.panels.page is not None:
            self.dismiss(Left("action", about=(self.panels.page, *self.panels.here), told=self._sentence()))
