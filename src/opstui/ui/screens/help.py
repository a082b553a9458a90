"""The help page: the command table, word for word, greyed where a command cannot be used now, with the reason.

Two columns where there is room for them, so that a wide terminal shows it whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.widgets import Static

from opstui.i18n import _
from opstui.ui.commands import COMMANDS, KeyCommand, Place
from opstui.ui.ink import cells
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.card_view import wrapped
from opstui.ui.widgets.key_line import Button, KeyLine

FILTERS: tuple[tuple[str, str], ...] = (
    ("gayo damai", _("cards with both words")),
    ("owner:rina  owner:me", _("who does it")),
    ("stage:payment", _("in a stage")),
    ("due:<today  due:this-week", _("by when")),
    ("tag:vip  -tag:vip", _("with a tag, without it")),
    ("is:late  is:blocked", _("in a state")),
    ("total:>500000", _("by an amount")),
    ("channel:shopee  age:>3d", _("by channel, by time in the stage")),
    ("@name", _("a saved filter")),
)
TWO_FROM = 130
"""Columns of a terminal from which the page has two."""
AIRY_FROM = 16
"""Lines of a terminal from which there is room for air."""
GAP, MARGIN, WIDEST = 3, 5, 76
KEY, FILTER = 9, 27


class HelpScreen(Dialog[str]):
    """All keys. Scrolls; esc, q or ? closes it, t begins the tour (it gives "tour" then)."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss('')", _("close")),
        Binding("t", "dismiss('tour')", _("tour")),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: transparent;
        & > .sheet { width: 84; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 0 1; }
        & > .sheet.-two { width: 100%; max-width: 160; }
        &.-wide > .sheet.-airy { border-top: none; border-bottom: none; padding: 0; }
        & KeyLine { margin: 0 1; }
        & .-airy KeyLine { margin: 1 1 0 1; }
        & VerticalScroll { height: auto; max-height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
        & Horizontal { height: auto; }
        & Static { width: 1fr; height: auto; }
        & .right { display: none; }
        & .-two .left { margin-right: 3; }
        & .-two .right { display: block; }
    }
    """

    def __init__(self, place: Place, table: Mapping[str, KeyCommand] = COMMANDS) -> None:
        """`place` decides what is greyed; `table` has the person's keys."""
        super().__init__()
        self._place, self._table = place, table
        self._left, self._right = Static(classes="left"), Static(classes="right")
        self._page = VerticalScroll()

    def compose(self) -> ComposeResult:
        """The keys of this page, and the text in one column or two."""
        with Vertical(classes="sheet"):
            yield KeyLine(
                Button("t", _("be shown around"), "dismiss('tour')"),
                Button(_("esc"), _("close"), "dismiss('')"),
                Button("j k", _("scroll   greyed: not now")),
            )
            with self._page, Horizontal():
                yield self._left
                yield self._right

    def on_mount(self) -> None:
        """Fill it for the size there is."""
        self._fill()

    def on_resize(self) -> None:
        """Fill it anew."""
        self._fill()

    def _fill(self) -> None:
        two = self.app.size.width >= TWO_FROM
        airy = self.app.size.height >= AIRY_FROM
        self.query(".sheet").set_class(two, "-two").set_class(airy, "-airy")
        self._page.styles.max_height = max(1, self.app.size.height - 1 - airy)
        inside = min(self.app.size.width, 160 if two else 84) - MARGIN
        width = (inside - GAP) // 2 if two else inside
        blocks = [list(lines) for lines in self._blocks(width)]
        for side, lines in zip((self._left, self._right), columns(blocks, 2 if two else 1), strict=False):
            side.update(Content("\n").join(lines))

    def _blocks(self, width: int) -> Iterator[Iterator[Content]]:
        """Groups of lines that stay together."""
        for group, commands in groupby(self._table.values(), key=lambda command: command.group):
            yield self._group(group, list(commands), width)
        yield self._filters(width)

    def _group(self, title: str, commands: Sequence[KeyCommand], width: int) -> Iterator[Content]:
        yield Content("")
        yield Content.styled(title, "bold $accent")
        for command in commands:
            why = command.why_not(self._place) if command.at(self._place.where) else _("not here")
            what = command.help if command.keys else f"{command.label}: {command.help}"
            text = f"{what}  ({why})" if why else what
            show = command.show or self._table["palette"].show
            key = Content.styled(_padded(show, KEY), "$faint" if why or not command.keys else "bold")
            yield from wrapped(text, width, KEY, "$faint" if why else "", key)

    @staticmethod
    def _filters(width: int) -> Iterator[Content]:
        yield Content("")
        yield Content.styled(_("The filter language"), "bold $accent")
        for example, meaning in FILTERS:
            yield from wrapped(meaning, width, FILTER, lead=Content.styled(_padded(example, FILTER), "bold"))
        yield Content("")
        mouse = _(
            "The mouse: click a card, wheel over a lane, drag a card to another lane; ctrl+click marks a card, "
            "shift+click all up to it. Lines that are pasted become cards."
        )
        yield from wrapped(mouse, width, 0, "$muted")

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def on_click(self, event: Click) -> None:
        """A click beside it closes it."""
        if event.widget is self:
            self.dismiss("")


def _padded(text: str, width: int) -> str:
    return text + " " * max(1, width - cells(text))


def columns(blocks: Sequence[Sequence[Content]], count: int) -> list[list[Content]]:
    """The blocks in order over one column or two, the highest as low as can be."""
    if count == 1:
        return [[line for block in blocks for line in block], []]
    heights = [len(block) for block in blocks]
    cut = min(range(len(blocks) + 1), key=lambda n: max(sum(heights[:n]), sum(heights[n:])))
    return [[line for block in part for line in block] for part in (blocks[:cut], blocks[cut:])]
