"""Choosing a stage: all of them with what they hold; letters narrow the list, so that two or three keys are enough."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from opstui.domain.boards import Stage
from opstui.i18n import _
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import Ink
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.long_list import GROUND, LongList
from opstui.ui.widgets.paint import Part


def score(typed: str, name: str) -> int | None:
    """How well letters fit a name, 0 the best: its beginning, a word's beginning, within it, in order; None: not."""
    typed, name = typed.casefold().strip(), name.casefold()
    if name.startswith(typed):
        return 0
    if f" {typed}" in f" {name}".replace("-", " "):
        return 1
    if typed in name:
        return 2
    rest = iter(name)
    return 3 if all(letter in rest for letter in typed if letter != " ") else None


class StageChooser(Dialog[Stage | None]):
    """Gives the stage that was taken; None when the person gave up."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", _("back")),
        Binding("down", "go(1)", show=False),
        Binding("up", "go(-1)", show=False),
    ]
    DEFAULT_CSS = """
    StageChooser { align: center middle; background: transparent;
        & > .sheet { width: 46; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 0 1; }
        & .title { text-style: bold; height: 1; }
        & .keys { color: $muted; height: 1; }
        & Input { background: $lane; height: 1; }
        & LongList { max-height: 1fr; }
    }
    """

    def __init__(self, title: str, stages: list[tuple[Stage, int]], here: str = "") -> None:
        """Stages with the number of their cards; `here` is the id of the one the card is in."""
        super().__init__()
        self._title, self._all, self._here = title, stages, here
        self._found = stages
        self._list = LongList(self._reads, _("no such stage"))

    def compose(self) -> ComposeResult:
        """Title, what is typed, stages, keys."""
        with Vertical(classes="sheet"):
            yield Static(Content(self._title), classes="title")
            field = Input(placeholder=_("first letters"), compact=True)
            field.cursor_blink = False
            yield field
            yield self._list
            yield Static(Content(_("letters narrow   enter move   esc back")), classes="keys")

    def on_mount(self) -> None:
        """Begin on the stage behind the present one: that is where most cards go."""
        self._list.styles.height = len(self._all)
        ids = [stage.id for stage, _count in self._all]
        self._list.show(len(self._all), ids.index(self._here) + 1 if self._here in ids[:-1] else 0)

    def _reads(self, n: int, ink: Ink, here: bool) -> tuple[list[Part], list[Part]]:  # noqa: FBT001
        stage, count = self._found[n]
        full = stage.wip is not None and count >= stage.wip
        held = _("{n}/{limit}").format(n=count, limit=stage.wip) if stage.wip is not None else str(count)
        left: list[Part] = [(f" {stage.name}", ink("accent" if here else "ink", GROUND, bold=here))]
        if stage.id == self._here:
            left.append((f"  {MARKS['open']} {_('here')}", ink("faint", GROUND)))
        mark = f"{MARKS['late']} " if full else ""
        return left, [(f"{mark}{held}", ink("warn" if full else "muted", GROUND))]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Letters narrow the list, the best fit on top."""
        fits = [(fit, row) for row in self._all if (fit := score(event.value, row[0].name)) is not None]
        self._found = [row for _fit, row in sorted(fits, key=lambda pair: pair[0])]
        self._list.show(len(self._found))

    def on_input_submitted(self) -> None:
        """Enter."""
        self.on_long_list_taken()

    def on_long_list_taken(self) -> None:
        """This one."""
        if self._found:
            self.dismiss(self._found[self._list.cursor][0])

    def action_go(self, by: int) -> None:
        """Move the cursor."""
        self._list.go(self._list.cursor + by)

    def action_give_up(self) -> None:
        """Nothing is moved."""
        self.dismiss(None)
