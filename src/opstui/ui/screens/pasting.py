"""Cards from pasted lines: what would be made is shown first, can be edited, and is made in one batch."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from opstui.i18n import _, ngettext
from opstui.ui.glyphs import MARKS
from opstui.ui.pasted import objection, titles
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.entries import Entry, Section, Span
from opstui.ui.widgets.key_line import Button, KeyLine
from opstui.ui.widgets.listing import Listing

Save = Callable[[list[str]], Awaitable[str]]
"""Makes the cards; gives a reason when that was refused."""
AROUND = 6
"""Lines for title, what is wrong, keys and air."""
AIRY = 24
"""Lines from which there is air around them."""


def _listed() -> tuple[Button, ...]:
    """The keys while the list is on show."""
    return (
        Button(_("enter"), _("create"), "create"),
        Button("e", _("edit"), "edit"),
        Button(_("esc"), _("back"), "back"),
    )


class Lines(Listing):
    """The titles. Enter is for all of them, and a double click for none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.create", show=False)]


class PasteScreen(Dialog[bool]):
    """Gives whether cards were made. Enter makes them; `e` edits the lines, esc then goes back to the list."""

    AUTO_FOCUS = "Lines"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+o,f2,ctrl+s", "create", show=False),
        Binding("e", "edit", show=False),
        Binding("escape,q", "back", show=False),
    ]
    DEFAULT_CSS = """
    PasteScreen { align: center middle; background: transparent;
        & > .sheet { width: 84; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 0 1; }
        & > .sheet.-airy { padding: 1 2; }
        & .title { text-style: bold; height: 1; }
        & TextArea { height: 12; border: none; padding: 0 1; display: none; background: $lane; }
        & .wrong { height: auto; color: $late; }
        & .sheet.-editing Lines { display: none; }
        & .sheet.-editing TextArea { display: block; }
    }
    """

    def __init__(self, found: list[str], where: str, save: Save) -> None:
        """The titles found, and the stage the cards would begin in."""
        super().__init__()
        self._found, self._where, self._save = found, where, save
        self._list = Lines(self._entry)
        self._saving = False

    def compose(self) -> ComposeResult:
        """Title, the cards or their text, what is wrong, keys."""
        with Vertical(classes="sheet"):
            yield Static("", classes="title", markup=False)
            yield self._list
            area = TextArea("", compact=True, show_line_numbers=False, highlight_cursor_line=False)
            area.cursor_blink = False
            yield area
            yield Static("", classes="wrong", markup=False)
            yield KeyLine(*_listed(), needed=3)

    @property
    def _editing(self) -> bool:
        return self.query_one(".sheet").has_class("-editing")

    def on_mount(self) -> None:
        """The list first."""
        self._show()

    def on_resize(self) -> None:
        """Keep title and keys on the screen."""
        self._fit()

    def _show(self) -> None:
        many = ngettext("{n} card", "{n} cards", len(self._found))
        title = _("Create {cards} in {stage}?").format(cards=many, stage=self._where)
        self.query_one(".title", Static).update(Content(title))
        self._list.show([Section("", range(len(self._found)))])
        self._tell(objection(self._found))
        self._fit()

    def _fit(self) -> None:
        airy = self.size.height >= AIRY
        self.query_one(".sheet").set_class(airy, "-airy")
        room = max(1, self.size.height - AROUND - 2 * airy)
        self._list.styles.height = max(1, min(len(self._found), room))
        self.query_one(TextArea).styles.height = max(1, min(len(self._found) + 3, room))

    def _tell(self, wrong: str) -> None:
        self.query_one(".wrong", Static).update(Content(wrong))

    def _entry(self, number: Hashable) -> Entry:
        assert isinstance(number, int)
        return Entry(((Span(f"{MARKS['open']} ", "faint"), Span(self._found[number])),))

    def action_edit(self) -> None:
        """Let the lines be changed."""
        area = self.query_one(TextArea)
        area.text = "\n".join(self._found)
        self.query_one(".sheet").add_class("-editing")
        self.query_one(KeyLine).set(
            Button("ctrl+o", _("create"), "create"), Button(_("esc"), _("back to the list"), "back")
        )
        area.focus()

    def on_text_area_changed(self) -> None:
        """Count along while the lines are edited."""
        if self._editing:
            self._found = titles(self.query_one(TextArea).text)
            self._show()

    def action_back(self) -> None:
        """From the text to the list; from the list to the board, and nothing is made."""
        if self._editing:
            self.query_one(".sheet").remove_class("-editing")
            self.query_one(KeyLine).set(*_listed())
            self._list.focus()
        else:
            self.dismiss(result=False)

    def action_create(self) -> None:
        """Make the cards, unless something is wrong with them."""
        wrong = objection(self._found)
        self._tell(wrong)
        if not wrong and not self._saving:
            self._saving = True
            self.run_worker(self._create())

    async def _create(self) -> None:
        reason = await self._save(self._found)
        self._saving = False
        if reason:
            self._tell(reason)
        else:
            self.dismiss(result=True)
