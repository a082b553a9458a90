"""How one board is looked at: sorted lanes, swimlanes, faces. What each of their keys does.

A choice counts at once and is kept with the member's preferences; nobody else's board changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opstui.i18n import _, ngettext
from opstui.projections.sorting import BY_HAND, Sort, ways_of
from opstui.ui.arranging import NO_FIGURE, folded_key
from opstui.ui.glyphs import MARKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opstui.domain.boards import Board
    from opstui.projections.board import Band
    from opstui.ui.screens.board import BoardScreen
    from opstui.ui.screens.chooser import Chosen
    from opstui.ui.widgets.option_list import Option

NO_BANDS, CLOSE, OPEN = "none", "close all", "open all"
FIGURE = "figure "
"""Begins the ids of figures among those of parts."""


async def _choose(
    screen: BoardScreen, title: str, options: Sequence[Option], *, many: bool = False, capital: str = ""
) -> Chosen | None:
    from opstui.ui.screens.chooser import Chooser  # noqa: PLC0415 - not needed for the first picture

    chosen: Chosen | None = await screen.ask(Chooser(title, options, many=many, capital=capital))
    return chosen


async def _keep(screen: BoardScreen, said: str, **choice: Any) -> None:
    """Show what was chosen, then write it down."""
    screen.session.kept.choose(**choice)
    show_look(screen)
    screen.show_board()
    arranging = screen.desk.arranging
    screen.say(_("{said}; one moment …").format(said=said) if arranging.busy else said)
    await screen.keep()


def show_look(screen: BoardScreen) -> None:
    """Draw faces as the member wants them on this board."""
    desk, faces = screen.desk, screen.session.kept.now.faces
    if (shown := desk.shown) is None:
        screen.board.look(faces)
        return
    from opstui.projections.parts import usual_parts  # noqa: PLC0415 - the usual face, no cost

    usual = usual_parts(desk.board.kind)
    screen.board.look(faces, tuple(p for p in shown if p in usual), extra=any(part not in usual for part in shown))


# --------------------------------------------------------------------------------------- sorting


def sort(screen: BoardScreen) -> None:
    """Choose how the lane of the cursor is sorted; with a capital letter, every lane."""
    from opstui.ui.widgets.option_list import Option  # noqa: PLC0415

    board, stage = screen.desk.board, screen.board.cursor_stage
    now = screen.desk.arranging.sort(board, stage)
    arrow = MARKS["falling" if now and now.down else "rising"]
    options = [Option(BY_HAND, _("by hand"), _("J and K move cards"), on=now is None, letter="h")]
    for name, way in ways_of(board.kind).items():
        here = now is not None and now.way == name
        note = _("{arrow} again turns it round").format(arrow=arrow) if here else way.help
        options.append(Option(name, way.label, note, on=here))

    async def ask() -> None:
        title = _("Sort {stage}").format(stage=_stage_name(screen, stage))
        if chosen := await _choose(screen, title, options, capital=_("every lane")):
            await sort_by(screen, stage, chosen.ids[0], every=chosen.capital)

    screen.run(ask())


async def sort_by(screen: BoardScreen, stage: str, way: str, *, every: bool = False) -> None:
    """Sort a lane, or every lane of its board; the way it is sorted already is turned round."""
    board, kept = screen.desk.board, screen.session.kept.now
    now = screen.desk.arranging.sort(board, stage)
    new = None if way == BY_HAND else _turned(now, way, ways_of(board.kind)[way].down)
    stages = [lane.stage.id for lane in screen.board.view.lanes] if every and screen.board.view else [stage]
    lanes = {name: how for name, how in kept.sorts.get(board.id, {}).items() if name not in stages}
    if new:
        lanes |= dict.fromkeys(stages, str(new))
    where = _("every lane") if every else _stage_name(screen, stage)
    if new is None:
        said = _("{lane}: by hand").format(lane=where)
    else:
        arrow = MARKS["falling" if new.down else "rising"]
        said = _("{lane}: sorted by {what} {arrow}").format(lane=where, what=new.label, arrow=arrow)
    await _keep(screen, said, sorts={**kept.sorts, board.id: lanes})


def _turned(now: Sort | None, way: str, down: bool) -> Sort:  # noqa: FBT001 - the way's own
    return Sort(way, not now.down) if now and now.way == way else Sort(way, down)


def _stage_name(screen: BoardScreen, stage: str) -> str:
    found = screen.desk.board.stage(stage)
    return found.name if found else stage


# --------------------------------------------------------------------------------------- swimlanes


def swimlanes(screen: BoardScreen) -> None:
    """Choose the field that cuts the board into swimlanes, or none."""
    from opstui.projections.bands import band_fields  # noqa: PLC0415 - not needed for the first picture
    from opstui.ui.widgets.option_list import Option  # noqa: PLC0415

    board = screen.desk.board
    now = screen.desk.arranging.field(board)
    options = [Option(NO_BANDS, _("none"), _("the plain board"), on=now is None)]
    options += [Option(f.name, _(f.label).lower(), on=f == now) for f in band_fields(board.kind)]
    if screen.board.cursor_band is not None:
        options += [Option("", _("Those there are")), Option(CLOSE, _("close all")), Option(OPEN, _("open all"))]

    async def ask() -> None:
        if chosen := await _choose(screen, _("Swimlanes by"), options):
            if (what := chosen.ids[0]) in (CLOSE, OPEN):
                _fold(screen, {band.value for band in _bands(screen)} if what == CLOSE else set())
            else:
                await cut_by(screen, "" if what == NO_BANDS else what)

    screen.run(ask())


async def cut_by(screen: BoardScreen, field: str) -> None:
    """Cut the board into swimlanes by a field; "" for a plain board."""
    from opstui.projections.bands import band_field  # noqa: PLC0415 - no swimlanes, no cost

    board, kept = screen.desk.board, screen.session.kept.now
    chosen = {name: by for name, by in kept.swimlanes.items() if name != board.id}
    said = _("no swimlanes")
    if found := band_field(board.kind, field):
        chosen[board.id] = field
        said = _("swimlanes by {field} · [ ] the next, - closes one").format(field=_(found.label).lower())
    await _keep(screen, said, swimlanes=chosen)
    view = screen.board.view
    if field and view and view.shown and not view.bands and not screen.desk.arranging.busy:
        from opstui.projections.swimlanes import MOST  # noqa: PLC0415 - as above

        why = _("more than {n} swimlanes are too many to look through; filter first, or choose another field")
        screen.say(why.format(n=MOST), "refused")


def fold(screen: BoardScreen, band: str | None = None) -> None:
    """Close a swimlane, or open it; the cursor's unless it is named."""
    band = screen.board.cursor_band if band is None else band
    if band is None:
        screen.say(_("the swimlanes are not there yet"), "refused")
    else:
        _fold(screen, {known.value for known in _bands(screen) if known.folded} ^ {band})


def _bands(screen: BoardScreen) -> tuple[Band, ...]:
    return screen.board.view.bands if screen.board.view else ()


def _fold(screen: BoardScreen, closed: set[str]) -> None:
    """Have these swimlanes closed, and those that a filter hides stay as they were."""
    field = screen.desk.arranging.field(screen.desk.board)
    if field is None:
        return
    key, kept = folded_key(screen.desk.board, field), screen.session.kept.now
    if screen.desk.query:
        closed = closed | (set(kept.folded.get(key, ())) - {band.value for band in _bands(screen)})
    screen.session.kept.choose(folded={**kept.folded, key: tuple(sorted(closed))})
    screen.show_board()
    screen.run(screen.keep())


def next_band(screen: BoardScreen, by: int) -> None:
    """The cursor to the swimlane below (-1: above)."""
    if not screen.board.goto_band(by):
        screen.say(_("there is no swimlane further {way}").format(way=_("down") if by > 0 else _("up")), "refused")


def reveal(screen: BoardScreen, card: int) -> None:
    """Open the swimlane that a card is in, and put the cursor on the card."""
    if screen.board.goto_card(card) and screen.board.cursor_card != card and screen.board.cursor_band is not None:
        fold(screen)
        screen.board.goto_card(card)


# --------------------------------------------------------------------------------------- faces

FACES = {
    "": _("cards as there is room"),
    "list": _("cards on one line"),
    "compact": _("compact cards"),
    "roomy": _("roomy cards"),
}
"""The ways to draw cards, in the order in which z goes through them."""


def next_faces(screen: BoardScreen) -> None:
    """The next way to draw cards."""
    ways = list(FACES)
    now = screen.session.kept.now.faces
    new = ways[(ways.index(now) + 1) % len(ways)] if now in ways else ""
    screen.session.kept.choose(faces=new)
    show_look(screen)
    screen.say(_("{faces} · z the next").format(faces=FACES[new]))
    screen.run(screen.keep())


def face_parts(screen: BoardScreen) -> None:
    """Choose what stands on this board's cards, and which number in the heads of its lanes."""
    board = screen.desk.board

    async def ask() -> None:
        title = _("On the cards of {board}").format(board=board.name)
        if (chosen := await _choose(screen, title, _part_options(screen, board), many=True)) is not None:
            await show_parts(screen, chosen.ids)

    screen.run(ask())


def _part_options(screen: BoardScreen, board: Board) -> list[Option]:
    from opstui.projections.parts import figures_of, parts_of, usual_parts  # noqa: PLC0415 - as above
    from opstui.ui.widgets.option_list import Option  # noqa: PLC0415

    shown, figure = screen.desk.shown, screen.desk.arranging.figure(board)
    on = set(usual_parts(board.kind) if shown is None else shown)
    options = [Option(part.id, part.label, on=part.id in on) for part in parts_of(board.kind)]
    figures = [*figures_of(board.kind), (NO_FIGURE, _("no number"))]
    options.append(Option("", _("In the heads of the lanes")))
    return options + [Option(FIGURE + name, label, on=name == figure, group="figure") for name, label in figures]


async def show_parts(screen: BoardScreen, ids: Sequence[str]) -> None:
    """Put these parts on the cards, and that figure into the heads; ids as the list has them."""
    from opstui.projections.parts import usual_parts  # noqa: PLC0415 - as above

    board, kept = screen.desk.board, screen.session.kept.now
    parts = tuple(part for part in ids if not part.startswith(FIGURE))
    figure = next((part.removeprefix(FIGURE) for part in ids if part.startswith(FIGURE)), "")
    shown = {name: those for name, those in kept.shown.items() if name != board.id}
    if parts != usual_parts(board.kind):
        shown[board.id] = parts
    said = ngettext("{n} part on each card", "{n} parts on each card", len(parts))
    figures = {**kept.figures, board.id: figure} if figure else kept.figures
    screen.board.forget_faces()
    await _keep(screen, said, shown=shown, figures=figures)


# --------------------------------------------------------------------------------------- moving within a view


def reorder(screen: BoardScreen, by: int) -> None:
    """Move the card up or down among those that stand around it."""
    among = screen.board.cursor_among if screen.board.cursor_band is not None else ()
    screen.for_card(lambda card: screen.verbs.reorder(card, by, among))
