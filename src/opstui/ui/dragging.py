"""A card is carried with the mouse: what the hint line says of where it would go, and what comes of letting it go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def drop(screen: BoardScreen, event: Board.CardDropped) -> None:
    """A card was let go there; one of the marked takes the others with it."""
    stage = screen.desk.board.stage(event.stage)
    if stage is not None and event.card in screen.board.selection:
        screen.run(screen.bulk.move_to(stage, event.before))
    else:
        _drop_one(screen, event)


def _drop_one(screen: BoardScreen, event: Board.CardDropped) -> None:
    """The mouse put a card into a lane, or into a swimlane: then the card says what its swimlane says."""
    desk = screen.desk
    doc = desk.workspace.state.get("cards", event.card)
    if doc is None:
        return
    values: dict[str, Any] = {}
    if event.band is not None and (field := desk.arranging.field(desk.board)) is not None:
        from opstui.projections.bands import band_of, value_of  # noqa: PLC0415 - no swimlanes, no cost

        if band_of(doc, field) != event.band:
            values = value_of(field, event.band)
    sort = desk.arranging.sort(desk.board, event.stage)
    if sort and event.stage == doc["stage"] and not values:
        screen.say(_("the lane is sorted by {what}; o, then h sorts by hand").format(what=sort.label), "refused")
        return
    screen.run(screen.verbs.drop(event.card, event.stage, None if sort else event.before, values))
