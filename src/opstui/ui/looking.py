"""What the keys do that lead to cards by other ways than the board: saved filters, one's work, and finding anything.

Apart from the board's screen, which is about what is seen; each screen is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opstui.domain.model import Refused, clean_line
from opstui.i18n import _
from opstui.store.protocol import StoreError

if TYPE_CHECKING:
    from opstui.ui.saved import Saved
    from opstui.ui.screens.board import BoardScreen
    from opstui.ui.screens.lists import ListScreen


def choose_filter(screen: BoardScreen) -> None:
    """The list of saved filters; the one that is chosen is applied."""
    from opstui.ui.saved import Shelf  # noqa: PLC0415 - not needed for the first picture
    from opstui.ui.screens.saved_filters import SavedFilters  # noqa: PLC0415

    async def choose() -> None:
        saved = await screen.ask(SavedFilters(Shelf(screen.session), screen.desk))
        if saved is not None:
            apply_filter(screen, saved)

    screen.run(choose())


def apply_filter(screen: BoardScreen, saved: Saved) -> None:
    """Filter by it: on the board it belongs to, or on the one on show."""
    boards = [board.id for board in screen.session.workspace.settings.boards]
    if saved.board in boards and saved.board != screen.desk.board.id:
        screen.turning.to(boards.index(saved.board))
    screen.filtering.put(saved.query, saved.name)


def save_filter(screen: BoardScreen) -> None:
    """Save the filter on show under a name."""
    from opstui.ui.rows import Row  # noqa: PLC0415 - not needed for the first picture
    from opstui.ui.saved import Shelf  # noqa: PLC0415
    from opstui.ui.screens.form import Form  # noqa: PLC0415

    board, query, shelf = screen.desk.board, screen.desk.query.strip(), Shelf(screen.session)
    mine, all_of_us, any_board = _("me"), _("all members"), _("any board")
    rows = [
        Row(name="name", label=_("Name"), text=screen.desk.title, required=True, read=clean_line),
        Row(name="for", label=_("For"), shape="choice", text=mine, choices=(mine, all_of_us)),
        Row(name="board", label=_("On"), shape="choice", text=board.name, choices=(board.name, any_board)),
    ]

    async def save(values: dict[str, Any]) -> str:
        here = "" if values.get("board") == any_board else board.id
        try:
            said = await shelf.save(values["name"], query, here, shared=values.get("for") == all_of_us)
        except (Refused, StoreError) as no:
            return str(no)
        screen.settled(None)
        screen.filtering.put(query, clean_line(values["name"]))
        screen.say(said)
        return ""

    screen.run(screen.ask(Form(_("Save the filter"), rows, save, note=query)))


def my_work(screen: BoardScreen) -> None:
    """One's open cards on all boards; the one that is chosen is gone to."""
    from opstui.ui.screens.my_work import MyWork  # noqa: PLC0415 - not needed for the first picture

    screen.run(_go(screen, MyWork(screen.desk)))


def find(screen: BoardScreen) -> None:
    """Everything there is; the card that is chosen is opened on its board."""
    from opstui.ui.screens.find import FindScreen  # noqa: PLC0415 - not needed for the first picture

    screen.run(_go(screen, FindScreen(screen.desk), opened=True))


async def _go(screen: BoardScreen, asked: ListScreen[int | None], *, opened: bool = False) -> None:
    card = await screen.ask(asked)
    if card is not None and go_to(screen, card) and opened:
        screen.panes.open_card(card)


def go_to(screen: BoardScreen, card: int) -> bool:
    """Its board with the cursor on it, if that can be; a card in the archive, which is on no board, is opened."""
    from opstui.ui.screens.does import jump_to  # noqa: PLC0415 - it imports this module

    found = screen.desk.card(card)
    if found is not None and found.archived:
        screen.panes.open_card(card)
        screen.card_view.focus()
        screen.say(_("{ref} is in the archive").format(ref=found.ref))
        return False
    if why := jump_to(screen, card):
        screen.say(why, "refused")
    return not why
