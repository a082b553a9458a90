"""The help page: the command table, word for word, greyed where a command cannot be used now, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from opstui.i18n import _
from opstui.ui.commands import COMMANDS, Place

FILTERS: tuple[tuple[str, str], ...] = (
    ("gayo damai", _("cards with both words")),
    ("owner:rina  owner:me", _("who does it")),
    ("stage:payment", _("in a stage")),
    ("due:<today  due:this-week", _("by when")),
    ("tag:vip  -tag:vip", _("with a tag, without it")),
    ("is:late  is:blocked", _("in a state")),
    ("total:>500000", _("by an amount")),
    ("channel:shopee  age:>3d", _("by channel, by time in the stage")),
)


class HelpScreen(ModalScreen[None]):
    """All keys. Scrolls; esc, q or ? closes it."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", _("close")),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: transparent;
        & > VerticalScroll {
            width: 84; max-width: 100%; height: auto; max-height: 100%;
            background: $panel; padding: 0 2; scrollbar-size-vertical: 1;
        }
        & Static { height: auto; }
    }
    """

    def __init__(self, place: Place) -> None:
        """`place` decides what is greyed."""
        super().__init__()
        self._place = place

    def compose(self) -> ComposeResult:
        """One text."""
        with VerticalScroll():
            yield Static(Content("\n").join(self._lines()))

    def _lines(self) -> Iterator[Content]:
        yield Content.styled(_("j k scroll   esc close   greyed: not here, or not now"), "$muted")
        yield Content("")
        for group, commands in groupby(COMMANDS.values(), key=lambda command: command.group):
            yield Content.styled(group, "bold $accent")
            for command in commands:
                why = command.why_not(self._place) if command.at(self._place.where) else _("not here")
                line = Content.assemble((f"{command.show:<8}", "bold"), " ", command.help)
                yield (
                    Content.assemble(f"{command.show:<8} {command.help}", f"  ({why})").stylize("$faint")
                    if why
                    else line
                )
            yield Content("")
        yield Content.styled(_("The filter language"), "bold $accent")
        for example, meaning in FILTERS:
            yield Content.assemble((f"{example:<28}", "bold"), " ", meaning)
        yield Content("")
        yield Content.styled(_("The mouse: click a card, wheel over a lane, drag a card to another lane."), "$muted")
        yield Content.styled(
            _("ctrl+click marks a card, shift+click all up to it; paste lines to make cards."), "$muted"
        )

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
