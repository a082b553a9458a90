"""Where the palette can take one from the board screen, beside the commands: boards, lanes, filters, themes, a card.

Each kind of place is a function of the screen that yields offers; whoever has another kind adds a function to `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from opstui.domain.model import clean_line
from opstui.i18n import _, ngettext
from opstui.ui.looking import apply_filter
from opstui.ui.palette import Offer, command_offers
from opstui.ui.saved import Saved, Shelf, problem
from opstui.ui.wearing import wardrobe, wear, why_not

if TYPE_CHECKING:
    from opstui.ui.screens.board import BoardScreen


def _commands(screen: BoardScreen) -> Iterator[Offer]:
    for offer in command_offers(screen.place(), screen.commands, screen.action_command):
        if not offer.id.startswith("board_"):
            yield offer


def _boards(screen: BoardScreen) -> Iterator[Offer]:
    """By their own names; the first ones have keys."""
    for number, (name, count) in enumerate(screen.desk.counts()):
        command = screen.commands.get(f"board_{number + 1}")
        yield Offer(
            id=f"board_{number + 1}",
            label=name,
            what=ngettext("board, {n} open card", "board, {n} open cards", count),
            group=_("Go to"),
            go=lambda number=number: screen.turning.to(number),  # type: ignore[misc]
            key=command.show if command else "",
        )


def _lanes(screen: BoardScreen) -> Iterator[Offer]:
    """The lanes of the board on show."""
    view = screen.board.view
    for lane in view.lanes if view else ():
        yield Offer(
            id=f"lane:{lane.stage.id}",
            label=lane.stage.name,
            what=ngettext("lane of this board, {n} card", "lane of this board, {n} cards", len(lane.ids)),
            group=_("Go to"),
            go=lambda stage=lane.stage.id: go_to_lane(screen, stage),  # type: ignore[misc]
        )


def _filters(screen: BoardScreen) -> Iterator[Offer]:
    """The saved filters: one's own, those of all, and those that are always there."""
    for saved in Shelf(screen.session).all():
        yield Offer(
            id=f"filter:{saved.kind}:{saved.number or saved.name}",
            label=saved.name,
            what=_("filter {query}").format(query=saved.query),
            group=_("Filters"),
            go=lambda saved=saved: go_to_filter(screen, saved),  # type: ignore[misc]
            why=problem(saved, screen.desk),
        )


def _themes(screen: BoardScreen) -> Iterator[Offer]:
    """The themes that can be put on."""
    worn, why = wardrobe(screen).theme, why_not(screen)
    for name in wardrobe(screen).theme_names():
        yield Offer(
            id=f"theme:{name}",
            label=name,
            what=_("theme, the one that is on") if name == worn else _("theme"),
            group=_("Themes"),
            go=lambda name=name: wear(screen, name),  # type: ignore[misc]
            why=why,
        )


KINDS: tuple[Callable[[BoardScreen], Iterable[Offer]], ...] = (_commands, _boards, _lanes, _filters, _themes)
"""What yields offers of the palette."""


def offers(screen: BoardScreen) -> list[Offer]:
    """Everything the palette offers on this screen, as it is now."""
    return [offer for kind in KINDS for offer in kind(screen)]


def named(screen: BoardScreen, query: str) -> Iterator[Offer]:
    """The card whose number was typed: ORD-0042, or 42 for one of the board on show."""
    card = card_of(screen, query)
    found = screen.desk.card(card)
    if found is not None:
        yield Offer(
            id=f"card:{found.id}",
            label=found.ref,
            what=found.title,
            group=_("Go to"),
            go=lambda: go_to_card(screen, found.id),
        )


def card_of(screen: BoardScreen, text: str) -> int | None:
    """The card of a ref; digits alone mean a card of the board on show."""
    ref = clean_line(text).upper()
    if ref.isdecimal():
        ref = f"{screen.desk.board.prefix}-{int(ref):04d}"
    return screen.session.workspace.state.find_ref(ref)


def go_to_lane(screen: BoardScreen, stage: str) -> None:
    """The cursor into a lane; what covers the board is closed."""
    screen.panes.uncover()
    screen.board.goto_lane(stage)


def go_to_filter(screen: BoardScreen, saved: Saved) -> None:
    """The board through a saved filter; what covers it is closed."""
    screen.panes.uncover()
    apply_filter(screen, saved)


def go_to_card(screen: BoardScreen, card: int) -> None:
    """The cursor on a card, or the reason why not."""
    from opstui.ui.screens.does import jump_to  # noqa: PLC0415 - it imports this module

    screen.panes.uncover()
    if why := jump_to(screen, card):
        screen.say(why, "refused")
