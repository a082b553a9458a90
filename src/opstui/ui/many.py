"""What the keys of many cards open: the choice of a stage, the last result, the archive, cards from pasted lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opstui.i18n import _, ngettext
from opstui.ui.glyphs import MARKS

if TYPE_CHECKING:
    from opstui.domain.boards import Board, Stage
    from opstui.ui.screens.board import BoardScreen
    from opstui.ui.widgets.option_list import Option


def mark_all(screen: BoardScreen) -> None:
    """Mark what the filter shows, and say what of it was left out."""
    left = screen.board.mark_shown()
    if left:
        names = ", ".join(lane.stage.name for lane in left)
        cards = ngettext("{n} card", "{n} cards", sum(len(lane.ids) for lane in left))
        screen.say(_("{cards} in {lanes} left out").format(cards=cards, lanes=names))


async def choose_stage(screen: BoardScreen) -> None:
    """Move the marked cards, or the one that keys are about, to a stage that is chosen."""
    from opstui.ui.screens.chooser import Chooser  # noqa: PLC0415 - not needed for the first picture

    card = None if screen.marked else screen.desk.card(screen.target)
    board = screen.session.workspace.settings.board(card.board) if card else screen.desk.board
    if board is None:
        return
    what = card.ref if card else ngettext("{n} card", "{n} cards", len(screen.board.selection))
    options, cursor = _stages(screen, board, card.stage if card else "")
    chosen = await screen.ask(Chooser(_("Move {what} to").format(what=what), options, cursor=cursor))
    stage = board.stage(chosen.ids[0]) if chosen else None
    if stage is None:
        return
    now = screen.desk.card(card.id) if card else None
    if card is None:
        await screen.bulk.move_to(stage)
    elif now is not None and now.stage != card.stage:
        there = board.stage(now.stage)
        said = _("{ref} was moved to {stage} meanwhile; look again").format(
            ref=card.ref, stage=there.name if there else now.stage
        )
        screen.say(said, "refused")
    elif card.stage == stage.id:
        screen.say(_("{ref} is in {stage} already").format(ref=card.ref, stage=stage.name))
    else:
        await screen.verbs.drop(card.id, stage.id, None)


def _stages(screen: BoardScreen, board: Board, here: str) -> tuple[list[Option], str]:
    """The stages with what they hold, and the one to begin at: behind the card's, where most cards go."""
    state = screen.session.workspace.state
    held = {stage.id: len(state.lane(board.id, stage.id)) for stage in board.stages}
    room = len(str(max(held.values())))
    options = [_option(stage, held[stage.id], room, here=stage.id == here) for stage in board.stages]
    ids = [stage.id for stage in board.stages]
    return options, ids[ids.index(here) + 1] if here in ids[:-1] else ids[0]


def _option(stage: Stage, count: int, room: int, *, here: bool) -> Option:
    """A stage as a line of the list; one that takes no more cards has a sign and a colour."""
    from opstui.ui.widgets.option_list import Option  # noqa: PLC0415

    held = f"{count:>{room}}" + ("" if stage.wip is None else f"/{stage.wip}")
    full = stage.wip is not None and count >= stage.wip
    words = [held, *([f"{MARKS['late']} {_('full')}"] if full else []), *([_("here")] if here else [])]
    return Option(stage.id, stage.name, "  ".join(words), tone="warn" if full else "faint", on=here)


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
