"""The first line: the workspace, the boards as tabs with what is open on them, who is here, and the time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message

from opstui.ui.ink import cells, clip
from opstui.ui.widgets.paint import Line, Painted, Part, row, wide

GROUND = "panel"


class Header(Painted):
    """One line. `show` it whenever something in it may have changed; only what differs is sent."""

    DEFAULT_CSS = "Header { height: 1; width: 1fr; }"

    @dataclass
    class TabChosen(Message):
        """A tab was clicked: the board's place in the settings, from 0."""

        number: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Nothing to tell yet."""
        super().__init__(id=id)
        self._workspace, self._who, self._clock = "", "", ""
        self._tabs: Sequence[tuple[str, int]] = ()
        self._active = 0
        self._letters: tuple[str, ...] = ()

    def put_letters(self, letters: Sequence[str]) -> None:
        """Draw letters where the tabs' numbers stand, for jumping to them; none puts the numbers back."""
        if tuple(letters) != self._letters:
            self._letters = tuple(letters)
            self.update_lines([0])

    def show(self, name: str, tabs: Sequence[tuple[str, int]], active: int, who: str, clock: str) -> None:
        """The workspace's name, (board, open cards) of each tab, the active one, "rina · ops lead", "Mon 14:07"."""
        before = self._workspace, self._tabs, self._active, self._who, self._clock
        now = name, tuple(tabs), active, who, clock
        if now != before:
            self._workspace, self._tabs, self._active, self._who, self._clock = now
            self.update_lines([0])

    @property
    def groups(self) -> int:
        """The name, each tab, and the rest: a clock that ticks sends the clock."""
        return len(self._tabs) + 2

    def update_lines(self, lines: Sequence[int], groups: Sequence[int] | None = None) -> None:  # type: ignore[override]
        """Tabs may be more or fewer, wider or narrower than before: then the line is drawn anew."""
        drawn = self._drawn.get(0)
        new = [self.draw_group(0, n) for n in range(self.groups)]
        if drawn is None or [_width(line) for line in drawn] != [_width(line) for line in new]:
            self.redraw()
        else:
            super().update_lines(lines, groups)

    def draw_group(self, y: int, group: int) -> Line:  # noqa: ARG002 - there is one line
        """The name, a tab, or the right end."""
        name, tabs, right = self._layout()
        parts = [name, *tabs][group : group + 1]
        if parts:
            return [Segment(text, style) for text, style in parts[0]]
        used = wide(name) + sum(wide(tab) for tab in tabs)
        return row([], right, max(0, self.size.width - used), self.ink("ink", GROUND))

    def _layout(self) -> tuple[list[Part], list[list[Part]], list[Part]]:
        """The fullest wording that fits."""
        wordings = list(self._wordings())
        fitting = (w for w in wordings if wide(w[0]) + sum(map(wide, w[1])) + wide(w[2]) < self.size.width)
        return next(fitting, wordings[-1])

    def _wordings(self) -> Iterator[tuple[list[Part], list[list[Part]], list[Part]]]:
        ink = self.ink
        strong, plain, faint = ink("ink", GROUND, bold=True), ink("muted", GROUND), ink("faint", GROUND)
        person = self._who.split(" · ", 1)[0]
        title = clip(self._workspace, 24)
        wordings = (
            (f" {title}    ", True, self._who),
            (f" {title}  ", True, person),
            (f" {title} ", True, ""),
            ("", True, ""),
            (f" {title}  ", False, person),
            ("", False, ""),
        )
        for begin, named, who in wordings:
            right: list[Part] = [(f"{who}   ", plain)] if who else []
            right.append((f"{self._clock} ", faint))
            tabs = [self._tab(n, named=named or n == self._active) for n in range(len(self._tabs))]
            yield [(begin, strong)], tabs, right

    def _tab(self, n: int, *, named: bool) -> list[Part]:
        name, count = self._tabs[n]
        active = n == self._active
        ground = "card" if active else GROUND
        ink = self.ink
        word = f"{clip(name, 16)} " if named else ""
        letters = self._letters[n] if n < len(self._letters) else ""
        number = (f" {n + 1} ", ink("accent" if active else "faint", ground, bold=active))
        return [
            (f"{letters:^3}", ink("accent", ground, bold=True) + Style(reverse=True)) if letters else number,
            (word, ink("ink" if active else "muted", ground, bold=active)),
            (f"{count} ", ink("accent" if active else "faint", ground)),
        ]

    def on_click(self, event: events.Click) -> None:
        """A click on a tab chooses its board."""
        name, tabs, _right = self._layout()
        x = wide(name)
        for n, tab in enumerate(tabs):
            if x <= event.x < x + wide(tab):
                self.post_message(self.TabChosen(n))
            x += wide(tab)


def _width(line: Line) -> int:
    return sum(cells(segment.text) for segment in line)
