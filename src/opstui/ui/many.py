"""What the keys of many cards open: the choice of a stage, the last result, the archive, cards from pasted lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opstui.i18n import _, ngettext

if TYPE_CHECKING:
    from opstui.domain.boards import Board, Stage
    from opstui.ui.screens.board import BoardScreen


async def choose_stage(screen: BoardScreen) -> None:
    """Move the marked cards, or the one that keys are about, to a stage that is chosen."""
    from opstui.ui.screens.stages import StageChooser  # noqa: PLC0415 - not needed for the first picture

    card = None if screen.marked else screen.desk.card(screen.target)
    board = screen.session.workspace.settings.board(card.board) if card else screen.desk.board
    if board is None:
        return
    state = screen.session.workspace.state
    what = card.ref if card else ngettext("{n} card", "{n} cards", len(screen.board.selection))
    rows = [(stage, len(state.lane(board.id, stage.id))) for stage in board.stages]
    stage = await screen.ask(StageChooser(_("Move {what} to").format(what=what), rows, card.stage if card else ""))
    if stage is None:
        return
    if card is None:
        await screen.bulk.move_to(stage)
    elif card.stage == stage.id:
        screen.say(_("{ref} is in {stage} already").format(ref=card.ref, stage=stage.name))
    else:
        await screen.verbs.drop(card.id, stage.id, None)


async def show_result(screen: BoardScreen) -> None:
    """What the last bulk action did to each card; the one that is taken gets the cursor."""
    from opstui.ui.screens.does import jump_to  # noqa: PLC0415 - it imports this module
    from opstui.ui.screens.result import ResultScreen  # noqa: PLC0415 - not needed for the first picture

    if not screen.bulk.last.told:
        screen.say(_("nothing was done to many cards yet"), "refused")
        return
    state = screen.session.workspace.state
    card = await screen.ask(ResultScreen(screen.bulk.last, lambda number: state.get("cards", number)))
    if card and (why := jump_to(screen, card)):
        screen.say(why, "refused")


async def open_archive(screen: BoardScreen) -> None:
    """The archive of this board, and of all."""
    from opstui.ui.screens.archive import ArchiveScreen  # noqa: PLC0415 - not needed for the first picture

    await screen.ask(ArchiveScreen(screen))


def take_pasted(screen: BoardScreen, text: str) -> None:
    """A text was pasted onto the board: one line becomes the title of a new card, several become cards."""
    from opstui.ui.pasted import MOST, objection, titles  # noqa: PLC0415 - not needed for the first picture

    found = titles(text)
    board, stage = screen.desk.board, screen.verbs.birthplace(screen.desk.board, screen.board.cursor_stage)
    why = objection(found)
    if len(found) == 1 and not why:
        screen.run(screen.verbs.new(board, stage.id, found[0]))
    elif not 1 < len(found) <= MOST:
        screen.say(why, "refused")
    else:
        screen.run(_make_cards(screen, board, stage, found))


async def _make_cards(screen: BoardScreen, board: Board, stage: Stage, found: list[str]) -> None:
    from opstui.domain.commands import CreateCard  # noqa: PLC0415
    from opstui.ui.screens.pasting import PasteScreen  # noqa: PLC0415 - not needed for the first picture
    from opstui.ui.session import Plan  # noqa: PLC0415

    async def save(found: list[str]) -> str:
        cards = tuple(CreateCard(board=board.id, title=title, stage=stage.id) for title in found)
        said = _("created {cards}").format(cards=ngettext("{n} card", "{n} cards", len(cards)))
        return await screen.verbs.attempt(lambda: Plan(cards, said), None)

    await screen.ask(PasteScreen(found, stage.name, save))
