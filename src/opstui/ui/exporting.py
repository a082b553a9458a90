"""Giving out a file from within the console: what, where to, and never over another file without asking.

The whole file is written beside its place and put there at the end: one that is cancelled leaves nothing.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from opstui.domain.model import Refused, clean_line
from opstui.domain.policy import check_export
from opstui.exports import tabular
from opstui.exports.figures import figures
from opstui.exports.files import slug, write_pieces
from opstui.exports.targets import may_write
from opstui.formats import today_in
from opstui.i18n import _, ngettext
from opstui.projections.kpis import usual_period
from opstui.ui.longwork import Cancelled, Progress, long_work
from opstui.ui.paths import Reach
from opstui.ui.rows import Row
from opstui.ui.screens.form import Form
from opstui.ui.screens.pick import Item, Picker

if TYPE_CHECKING:
    from opstui.domain.boards import Board
    from opstui.domain.events import Batch
    from opstui.ui.screens.board import BoardScreen
    from opstui.workspace import Workspace

FORMS = ("csv", "json")
Pieces = Callable[[str, Progress], Iterable[str]]
"""(csv or json, progress) -> the text in pieces."""


class Choice(Struct, frozen=True):
    """Something that can be given out: its entry, its file's name without ending, the boards it tells of, its text."""

    item: Item
    name: str
    boards: tuple[Board, ...]
    pieces: Pieces


async def export_file(screen: BoardScreen) -> None:
    """Ask what and where to, and write it."""
    choices = {choice.item.id: choice for choice in choices_of(screen)}
    items = [choice.item for choice in choices.values()]
    if (card := screen.target) is not None:
        ref = screen.session.workspace.card(card).ref
        items.append(Item("postmortem", _("Post-mortem of {ref}").format(ref=ref), _("as Markdown"), apart=True))
    chosen = await screen.ask(Picker(_("Export: what?"), items))
    if chosen == "postmortem" and card is not None:
        await screen.verbs.write_out(card)
    elif chosen:
        choice = choices[chosen]
        for board in choice.boards:
            check_export(screen.session.actor, board.kind)
        await _ask_file(screen, choice)


def choices_of(screen: BoardScreen) -> list[Choice]:
    """What there is to give out, what the person has before them first."""
    workspace, board, shown = screen.session.workspace, screen.desk.board, screen.board
    every = workspace.settings.boards
    found: list[Choice] = []
    if marked := sorted(shown.selection):
        title = ngettext("The {n} marked card", "The {n} marked cards", len(marked))
        found.append(_cards(workspace, "marked", title, f"{board.id}-marked", (board,), lambda: marked))
    if screen.desk.query and shown.view is not None:
        ids = [i for lane in shown.view.lanes for i in lane.ids]
        title = ngettext("The {n} card of the filter", "The {n} cards of the filter", len(ids))
        found.append(_cards(workspace, "filter", title, f"{board.id}-filtered", (board,), lambda: ids))
    of_board = _("Cards of {board}").format(board=board.name)
    found.append(_cards(workspace, "board", of_board, board.id, (board,), partial(_ids, workspace, board)))
    found.append(
        _cards(workspace, "all", _("Cards of all boards"), "cards", tuple(every), partial(_ids, workspace, None))
    )
    for known, name in ((board, board.name), (None, _("all boards"))):
        item = Item(
            f"events-{known.id if known else 'all'}",
            _("Events of {board}").format(board=name),
            _("everything that happened, one event a row"),
            apart=known is not None,
        )
        pieces = partial(_events, workspace, known)
        found.append(Choice(item, f"{known.id}-events" if known else "events", (known,) if known else every, pieces))
    about = _("csv: each day's; json: lead time and the like, thirty days")
    item = Item("kpi", _("Figures of {board}").format(board=board.name), about, apart=True)
    found.append(Choice(item, f"{board.id}-figures", (board,), partial(_figures, workspace, board)))
    item = Item("tiles", _("Today's tiles"), _("orders in, done, delayed, as beside the board"))
    found.append(Choice(item, "tiles", tuple(every), partial(_figures, workspace, None)))
    return found


def _cards(
    workspace: Workspace, name: str, title: str, file: str, boards: tuple[Board, ...], ids: Callable[[], list[int]]
) -> Choice:
    abouts = {"board": _("archived ones too"), "all": _("archived ones too")}

    def pieces(form: str, progress: Progress) -> Iterable[str]:
        return tabular.cards(ids(), workspace.state, workspace.settings, form, progress)

    return Choice(Item(name, title, abouts.get(name, "")), file, boards, pieces)


def _ids(workspace: Workspace, board: Board | None) -> list[int]:
    return [i for i, doc in workspace.state.items("cards") if board is None or doc["board"] == board.id]


def _events(workspace: Workspace, board: Board | None, form: str, progress: Progress) -> Iterable[str]:
    last = workspace.store.seq

    def counted() -> Iterable[Batch]:
        for batch in workspace.history():
            progress(min(batch.n, last), last)
            yield batch

    ids = set(_ids(workspace, board)) if board else set()
    return tabular.events(counted(), ids, workspace.state, form, every=board is None)


def _figures(workspace: Workspace, board: Board | None, form: str, progress: Progress) -> Iterable[str]:
    return [figures(workspace, board, form, *usual_period(workspace.now(), workspace.settings.zone), progress)]


async def _ask_file(screen: BoardScreen, choice: Choice) -> None:
    workspace = screen.session.workspace
    reach = Reach((workspace.path,), Reach.of(workspace.path, os.environ).fence)
    day = today_in(workspace.now(), workspace.settings.zone)
    usual = f"exports/{day.isoformat()}-{slug(choice.name)}.csv"

    def read(text: str) -> Path:
        path = reach.locate(text)
        if _form_of(path) not in FORMS:
            raise ValueError(_("end it in .csv for a spreadsheet or .json for a program"))
        if path.is_dir():
            raise ValueError(_("this is a folder"))
        return path

    def echo(text: str) -> str:
        there = read(text).exists()
        return _("there is such a file; it is replaced only if you say so") if there else ""

    async def save(values: dict[str, Any]) -> str:
        path: Path = values["path"]
        try:
            may_write(path, workspace.path)
            if await asyncio.to_thread(path.exists) and not await _replace(screen, path):
                return _("path: not replaced; choose another name")
            await _write(screen, choice, path)
        except Refused as no:
            said = str(no).replace(f"{workspace.path}{os.sep}", "")
            return f"path: {said}"
        return ""

    row = Row(
        name="path",
        label=_("File"),
        text=usual,
        required=True,
        read=read,
        complete=reach.complete,
        echo=echo,
        hint=_("a path; tab completes it"),
    )
    note = _("The ending says what it becomes: .csv for a spreadsheet, .json for a program.")
    await screen.ask(Form(_("Export: {what}").format(what=choice.item.title), [row], save, note, deed=_("write")))


def _form_of(path: Path) -> str:
    return path.suffix.lower().removeprefix(".")


async def _replace(screen: BoardScreen, path: Path) -> bool:
    items = [Item("back", _("Keep it"), _("choose another name")), Item("replace", _("Replace it"), key="r")]
    title = _("{name} is there already").format(name=clean_line(path.name))
    return bool(await screen.ask(Picker(title, items)) == "replace")


async def _write(screen: BoardScreen, choice: Choice, path: Path) -> None:
    """Write the file; say where it lies. Cancelled, it is as if nobody had asked."""

    def work(progress: Progress) -> None:
        if path.parent == screen.session.workspace.path / "exports":
            path.parent.mkdir(exist_ok=True)
        write_pieces(path, choice.pieces(_form_of(path), progress))

    title = _("Exporting {what}").format(what=choice.item.title)
    try:
        await long_work(screen.ask, title, work, screen.desk.formats, _("no file is left behind"))
    except Cancelled:
        screen.say(_("stopped; no file was written"), "refused")
        return
    size = await asyncio.to_thread(lambda: path.stat().st_size)
    told = _("{what}: written to {path} ({size} kB)")
    number = screen.desk.formats.number(max(1, size // 1000))
    screen.say(told.format(what=choice.item.title, path=path, size=number))
