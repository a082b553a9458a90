"""Command id -> what it does on the board screen, so that the screen's class stays about what is seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from opstui.domain.model import Refused, clean_line
from opstui.i18n import _
from opstui.ui.commands import COMMANDS

if TYPE_CHECKING:
    from opstui.ui.screens.board import BoardScreen

Does = Callable[["BoardScreen"], None]


def _motion(dx: int, dy: int, screen: BoardScreen) -> None:
    if not screen.reading:
        screen.board.move_cursor(dx, dy)
    elif dy:
        screen.card_view.scroll_relative(y=dy, animate=False)


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


def _new(screen: BoardScreen) -> None:
    screen.run(screen.verbs.new(screen.desk.board, screen.board.cursor_stage))


def _help(screen: BoardScreen) -> None:
    from opstui.ui.screens.help import HelpScreen  # noqa: PLC0415 - not needed for the first picture

    screen.run(screen.ask(HelpScreen(screen.place())))


def _theme(screen: BoardScreen) -> None:
    from opstui.ui.screens.theme import ThemeChooser  # noqa: PLC0415 - not needed for the first picture
    from opstui.ui.wardrobe import Wardrobe  # noqa: PLC0415

    app = screen.app
    assert isinstance(app, Wardrobe)
    if app.few_colors:
        screen.say(_("this terminal has 16 colours, and they are its own: change them there"), "refused")
        return

    async def choose() -> None:
        if name := await screen.ask(ThemeChooser(app.all_themes(), app.theme)):
            screen.say(_("the theme is {name} from now on").format(name=name))
            await screen.keep(theme=name)

    screen.run(choose())


def _long(module: str, name: str, screen: BoardScreen) -> None:
    """Long work: its module is read when it is asked for."""
    screen.run(getattr(import_module(f"opstui.ui.{module}"), name)(screen))


def _redraw(screen: BoardScreen) -> None:
    screen.app.refresh(layout=True)


def _jump(screen: BoardScreen) -> None:
    async def ask() -> None:
        from opstui.ui.rows import Row  # noqa: PLC0415
        from opstui.ui.screens.form import Form  # noqa: PLC0415

        async def go(values: dict[str, int]) -> str:
            return jump_to(screen, values["ref"])

        read = partial(_card_of, screen)
        row = Row(name="ref", label=_("Card"), required=True, read=read, hint=_("ORD-0042, or just 42 for this board"))
        await screen.ask(Form(_("Jump to"), [row], go))

    screen.run(ask())


def _card_of(screen: BoardScreen, text: str) -> int:
    """The card of a ref; digits alone mean a card of the board on show."""
    ref = clean_line(text).upper()
    if ref.isdecimal():
        ref = f"{screen.desk.board.prefix}-{int(ref):04d}"
    found = screen.session.workspace.state.find_ref(ref)
    if found is None:
        raise ValueError(_("no card has this number"))
    return found


def jump_to(screen: BoardScreen, card: int) -> str:
    """Show the board of a card with the cursor on it; gives a reason when that cannot be."""
    try:
        found = screen.session.workspace.card(card)
    except Refused as no:
        return str(no)
    if found.archived:
        return _("{ref} is in the archive").format(ref=found.ref)
    boards = [board.id for board in screen.session.workspace.settings.boards]
    if found.board not in boards:
        return _("its board is no longer in opstui.toml")
    if found.board != screen.desk.board.id or not screen.board.goto_card(card):
        screen.turn_to(boards.index(found.board))
        screen.board.goto_card(card)
    return ""


DOES: dict[str, Does] = {
    **{f"board_{n}": partial(lambda index, screen: screen.turn_to(index), n - 1) for n in range(1, 5)},
    "left": partial(_motion, -1, 0),
    "right": partial(_motion, 1, 0),
    "up": partial(_motion, 0, -1),
    "down": partial(_motion, 0, 1),
    "page_down": partial(_page, 1),
    "page_up": partial(_page, -1),
    "first": _first,
    "last": _last,
    "jump": _jump,
    "open": lambda screen: screen.board.open_cursor(),
    "stage_left": lambda screen: screen.for_card(lambda card: screen.verbs.stage(card, -1)),
    "stage_right": lambda screen: screen.for_card(lambda card: screen.verbs.stage(card, 1)),
    "lower": lambda screen: screen.for_card(lambda card: screen.verbs.reorder(card, 1)),
    "higher": lambda screen: screen.for_card(lambda card: screen.verbs.reorder(card, -1)),
    "new": _new,
    "edit": lambda screen: screen.for_card(screen.verbs.edit),
    "assign": lambda screen: screen.for_card(screen.verbs.assign),
    "due": lambda screen: screen.for_card(screen.verbs.due),
    "tags": lambda screen: screen.for_card(screen.verbs.tags),
    "priority": lambda screen: screen.for_card(screen.verbs.priority),
    "block": lambda screen: screen.for_card(screen.verbs.block),
    "comment": lambda screen: screen.for_card(screen.verbs.comment),
    "check": lambda screen: screen.for_card(screen.verbs.check),
    "link": lambda screen: screen.for_card(screen.verbs.link),
    "postmortem": lambda screen: screen.for_card(screen.verbs.postmortem),
    "dismiss": lambda screen: screen.for_card(screen.verbs.dismiss),
    "archive": lambda screen: screen.for_card(screen.verbs.archive),
    "filter": lambda screen: screen.open_filter(),
    "numbers": lambda screen: screen.toggle_numbers(),
    "pane": lambda screen: screen.other_pane(),
    "close": lambda screen: screen.back(),
    "theme": _theme,
    "redraw": _redraw,
    "undo": lambda screen: screen.run(screen.verbs.undo()),
    "redo": lambda screen: screen.run(screen.verbs.redo()),
    "import": partial(_long, "importing", "import_file"),
    "export": partial(_long, "exporting", "export_file"),
    "doctor": partial(_long, "checking", "doctor"),
    "rebuild": partial(_long, "checking", "rebuild"),
    "backup": partial(_long, "checking", "backup"),
    "help": _help,
    "suspend": lambda screen: screen.app.action_suspend_process(),
    "quit": lambda screen: screen.app.exit(0),
}
"""What each command does. It covers the table exactly; a test holds it to that."""

assert DOES.keys() == COMMANDS.keys()
