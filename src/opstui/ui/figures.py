"""The pages of numbers within the console: which there are, who works them out, and where their keys lead.

Each page's module is read when it is first asked for, in the thread that works it out.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from opstui.domain.boards import first_of
from opstui.i18n import _
from opstui.ui.looking import go_to
from opstui.ui.readers import unswept

if TYPE_CHECKING:
    from opstui.projections.panels import Page
    from opstui.ui.screens.board import BoardScreen
    from opstui.ui.screens.figures import Left, Seat

MODULES = {
    "flow": "flow_page",
    "campaigns": "campaign_page",
    "service": "service_page",
    "stock": "stock_page",
    "customers": "customers_page",
}
"""Page -> the module of `projections.figures` whose `page` makes it."""


def open_page(screen: BoardScreen, name: str) -> None:
    """Show a page; what one does there may lead to cards and back again."""
    from opstui.ui.screens.figures import Seat  # noqa: PLC0415 - not needed for the first picture

    seat = screen.seat if screen.seat is not None else Seat()
    screen.seat = seat
    seat.page = name
    screen.run(_sit(screen, seat))


async def _sit(screen: BoardScreen, seat: Seat) -> None:
    from opstui.ui.screens.figures import FiguresScreen  # noqa: PLC0415
    from opstui.ui.screens.find import FindScreen  # noqa: PLC0415

    desk, cursor = screen.desk, screen.target
    board = desk.board

    def pages(name: str, days: int) -> Page:
        workspace = screen.session.workspace
        source = workspace.histories.source(as_of=workspace.now(), days=days, board=board, card=cursor)
        with unswept():
            page: Page = import_module(f"opstui.projections.figures.{MODULES[name]}").page(source)
        return page

    if seat.about != (board.id, cursor):
        seat.known.clear()
        seat.about = (board.id, cursor)
    while True:
        left: Left | None = await screen.ask(FiguresScreen(pages, desk.formats, seat))
        if left is None:
            return
        if left.what == "board":
            screen.turning.to(left.board)
            return
        if left.what == "cards":
            desk.sought = left.query
            card = await screen.ask(FindScreen(desk))
            if card is not None:
                if go_to(screen, card):
                    screen.panes.open_card(card)
                return
        elif left.what == "figures":
            from opstui.ui import figurework  # noqa: PLC0415

            await figurework.add(screen, cursor)
        elif left.what == "action":
            await _make_action(screen, left)
        else:
            await _stock(screen, left)


async def _stock(screen: BoardScreen, left: Left) -> None:
    """A form of the ledger, for the product that the number was about."""
    from opstui.ui import stockwork  # noqa: PLC0415

    label = left.about[2].label if left.about else ""
    products = (doc for _id, doc in screen.session.workspace.state.items("products"))
    sku = next((str(doc["sku"]) for doc in products if label == f"{doc['sku']} {doc['name']}"), "")
    await (stockwork.move if left.what == "movement" else stockwork.product)(screen, sku)


async def _make_action(screen: BoardScreen, left: Left) -> None:
    """A card about the number, on the first board of actions."""
    from opstui.projections.figures.actions import action_for  # noqa: PLC0415

    boards = screen.session.workspace.settings.boards
    board = first_of(boards, "action")
    if board is None or left.about is None:
        screen.say(_("there is no board of actions in opstui.toml"), "refused")
        return
    fields = action_for(*left.about, left.told)
    await screen.verbs.new(board, board.stages[0].id, fields.pop("title"), fields)
