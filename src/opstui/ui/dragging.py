"""What the hint line says while a card is carried with the mouse: where it would go, and how to let it be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opstui.i18n import _

if TYPE_CHECKING:
    from opstui.ui.screens.board import BoardScreen
    from opstui.ui.widgets.board import Board


def tell_drag(screen: BoardScreen, event: Board.CardDragged) -> None:
    """Say it in words: not everybody sees the line between the cards."""
    card = screen.desk.card(event.card)
    if card is None:
        screen.said = ("", "")
        screen.hint.hush()
        return
    screen.say(_("{place} · esc puts it back").format(place=_place(screen, event, card.ref)), "working")


def _place(screen: BoardScreen, event: Board.CardDragged, ref: str) -> str:
    stage = screen.desk.board.stage(event.stage)
    if not event.stage:
        return _("{ref} stays where it is").format(ref=ref)
    name = stage.name if stage else event.stage
    bands = screen.board.view.bands if screen.board.view else ()
    band = next((band.label for band in bands if band.value == event.band), "")
    name = _("{stage}, {band}").format(stage=name, band=band) if band else name
    above = screen.desk.card(event.before)
    if above is None:
        return _("{ref} to {stage}").format(ref=ref, stage=name)
    return _("{ref} to {stage}, above {other}").format(ref=ref, stage=name, other=above.ref)
