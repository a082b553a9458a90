"""Command id -> what it does on the board screen, so that the screen's class stays about what is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.ui import looking, views
from opstui.ui.commands import COMMANDS
from opstui.ui.figures import MODULES
from opstui.ui.frame import show_place
from opstui.ui.many import choose_stage, mark_all, open_archive, show_result

if TYPE_CHECKING:
    from opstui.ui.screens.board import BoardScreen

KEPT = 8
"""What was chosen from the palette last is remembered so many times over."""

Does = Callable[["BoardScreen"], None]


def _motion(dx: int, dy: int, screen: BoardScreen) -> None:
    if not screen.reading:
        screen.board.move_cursor(dx, dy)
    elif dy:
        screen.card_view.scroll_relative(y=dy, animate=False, immediate=True)


STEPS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
"""Commands that move the cursor by a step -> lanes to the right, cards down."""


def stride(screen: BoardScreen, names: Sequence[str]) -> None:
    """Several steps of the cursor, as one."""
    if screen.reading:
        _motion(0, sum(STEPS[name][1] for name in names), screen)
    else:
        screen.board.stride(STEPS[name] for name in names)


def _page(pages: int, screen: BoardScreen) -> None:
    if screen.reading:
        screen.card_view.scroll_relative(y=pages * screen.card_view.size.height, animate=False)
    else:
        screen.board.move_page(pages)


def _first(screen: BoardScreen) -> None:
    if screen.reading:
        screen.card_view.scroll_home(animate=False)
    else:
        screen.board.move_to_top()


def _last(screen: BoardScreen) -> None:
    if screen.reading:
        screen.card_view.scroll_end(animate=False)
    else:
        screen.board.move_to_bottom()


def _verb(name: str, *args: Any) -> None:
    """A verb of the marked cards, where there are some; else of the card that keys are about."""
    *given, screen = args
    if screen.marked:
        screen.run(getattr(screen.bulk, name)(*given))
    else:
        screen.for_card(lambda card: getattr(screen.verbs, name)(card, *given))


def _new(screen: BoardScreen) -> None:
    screen.run(screen.verbs.new(screen.desk.board, screen.board.cursor_stage))


def _help(screen: BoardScreen) -> None:
    from opstui.ui.screens.help import HelpScreen  # noqa: PLC0415 - not needed for the first picture

    async def read() -> None:
        if await screen.ask(HelpScreen(screen.place(), screen.commands)) == "tour":
            _tour(screen)

    screen.run(read())


def _tour(screen: BoardScreen) -> None:
    from opstui.ui.screens.tour import Tour  # noqa: PLC0415 - not needed for the first picture

    if screen.tour is None:
        screen.tour = Tour(screen)


def _keys(screen: BoardScreen) -> None:
    from opstui.ui.keymap import key_files, load_keys  # noqa: PLC0415
    from opstui.ui.screens.keys import KeysScreen, Table  # noqa: PLC0415 - not needed for the first picture

    files = key_files(screen.session.workspace.path, screen.session.actor.name)

    def reload() -> tuple[Table, list[str]]:
        table, said = load_keys(*files)
        screen.wear_keys(table)
        screen.ops.wear_keys(table)
        show_place(screen)
        return table, said

    place = f"{files[-1].parent.name}/{files[-1].name}"
    screen.run(screen.ask(KeysScreen(screen.commands, files[-1], place, reload)))


def _theme(screen: BoardScreen) -> None:
    from opstui.ui import wearing  # noqa: PLC0415 - not needed for the first picture

    wearing.choose(screen)


def _copy(screen: BoardScreen, what: Literal["number", "line"]) -> None:
    from opstui.ui import copying  # noqa: PLC0415 - not needed for the first picture

    copying.copy_cards(screen, getattr(copying, what))


def _palette(screen: BoardScreen) -> None:
    from opstui.ui.screens.destinations import named, offers  # noqa: PLC0415 - not needed for the first picture
    from opstui.ui.screens.palette import Palette  # noqa: PLC0415

    async def choose() -> None:
        recent = screen.session.kept.now.recent
        chosen = await screen.ask(Palette(offers(screen), recent, partial(named, screen)))
        if chosen is not None:
            await screen.keep(recent=tuple(dict.fromkeys((chosen.id, *recent)))[:KEPT])
            chosen.go()

    screen.run(choose())


def _long(module: str, name: str, screen: BoardScreen) -> None:
    """Long work: its module is read when it is asked for."""
    screen.run(getattr(import_module(f"opstui.ui.{module}"), name)(screen))


async def _figures(screen: BoardScreen, card: int) -> None:
    from opstui.ui import figurework  # noqa: PLC0415 - not needed for the first picture

    await figurework.add(screen, card)


def _page_of_numbers(name: str, screen: BoardScreen) -> None:
    from opstui.ui.figures import open_page  # noqa: PLC0415 - not needed for the first picture

    open_page(screen, name)


def _redraw(screen: BoardScreen) -> None:
    screen.call_later(screen.app.run_action, "redraw")


def _jump(screen: BoardScreen) -> None:
    from opstui.ui.screens.jump import Jump  # noqa: PLC0415 - not needed for the first picture

    async def begin() -> None:
        if screen.panes.uncover():
            await screen.drawn()
        Jump(screen)

    screen.run(begin())


def jump_to(screen: BoardScreen, card: int) -> str:
    """Show the board of a card with the cursor on it; gives a reason when that cannot be."""
    try:
        found = screen.session.workspace.card(card)
    except Refused as no:
        return str(no)
    if found.archived:
        return _("{ref} is in the archive; A shows it").format(ref=found.ref)
    boards = [board.id for board in screen.session.workspace.settings.boards]
    if found.board not in boards:
        return _("its board is no longer in opstui.toml")
    if found.board != screen.desk.board.id or not screen.board.goto_card(card):
        screen.turning.to(boards.index(found.board))
    views.reveal(screen, card)
    return ""


DOES: dict[str, Does] = {
    **{f"board_{n}": partial(lambda index, screen: screen.turning.to(index), n - 1) for n in range(1, 5)},
    **{name: partial(_motion, *step) for name, step in STEPS.items()},
    "page_down": partial(_page, 1),
    "page_up": partial(_page, -1),
    "first": _first,
    "last": _last,
    "jump": _jump,
    "open": lambda screen: screen.board.open_cursor(),
    "stage_left": partial(_verb, "stage", -1),
    "stage_right": partial(_verb, "stage", 1),
    "move": lambda screen: screen.run(choose_stage(screen)),
    "lower": lambda screen: views.reorder(screen, 1),
    "higher": lambda screen: views.reorder(screen, -1),
    "new": _new,
    "edit": lambda screen: screen.for_card(screen.verbs.edit),
    "assign": partial(_verb, "assign"),
    "due": partial(_verb, "due"),
    "tags": partial(_verb, "tags"),
    "priority": partial(_verb, "priority"),
    "block": partial(_verb, "block"),
    "comment": lambda screen: screen.for_card(screen.verbs.comment),
    "check": lambda screen: screen.for_card(screen.verbs.check),
    "link": lambda screen: screen.for_card(screen.verbs.link),
    "postmortem": lambda screen: screen.for_card(screen.verbs.postmortem),
    "figures": lambda screen: screen.for_card(partial(_figures, screen)),
    "happened": lambda screen: screen.for_card(screen.verbs.happened),
    "stars": lambda screen: screen.for_card(screen.verbs.stars),
    "copy": lambda screen: _copy(screen, "number"),
    "copy_line": lambda screen: _copy(screen, "line"),
    "dismiss": partial(_verb, "dismiss"),
    "archive": partial(_verb, "archive"),
    "select": lambda screen: screen.board.toggle_mark(go_on=True),
    "select_range": lambda screen: screen.board.mark_range(),
    "select_lane": lambda screen: screen.board.mark_lane(),
    "select_all": mark_all,
    "result": lambda screen: screen.run(show_result(screen)),
    "archive_view": lambda screen: screen.run(open_archive(screen)),
    "filter": lambda screen: screen.filtering.open(),
    "filters": looking.choose_filter,
    "save_filter": looking.save_filter,
    "my_work": looking.my_work,
    "find": looking.find,
    **{f"page_{name}": partial(_page_of_numbers, name) for name in MODULES},
    "numbers": lambda screen: screen.panes.toggle_numbers(),
    "groups": partial(_long, "pane_order", "choose"),
    "pane": lambda screen: screen.panes.other(),
    "sort": views.sort,
    "swimlanes": views.swimlanes,
    "fold": views.fold,
    "band_before": lambda screen: views.next_band(screen, -1),
    "band_after": lambda screen: views.next_band(screen, 1),
    "faces": views.next_faces,
    "face_parts": views.face_parts,
    "close": lambda screen: screen.panes.back(),
    "theme": _theme,
    "redraw": _redraw,
    "undo": lambda screen: screen.run(screen.bulk.undo()),
    "redo": lambda screen: screen.run(screen.bulk.redo()),
    "palette": _palette,
    "movement": partial(_long, "stockwork", "move"),
    "product": partial(_long, "stockwork", "product"),
    "targets": partial(_long, "targeting", "targets"),
    "import": partial(_long, "importing", "import_file"),
    "export": partial(_long, "exporting", "export_file"),
    "doctor": partial(_long, "checking", "doctor"),
    "rebuild": partial(_long, "checking", "rebuild"),
    "backup": partial(_long, "checking", "backup"),
    "help": _help,
    "tour": _tour,
    "keys": _keys,
    "suspend": lambda screen: screen.app.action_suspend_process(),
    "quit": lambda screen: screen.app.exit(0),
}
"""What each command does. It covers the table exactly; a test holds it to that."""

assert DOES.keys() == COMMANDS.keys()
