"""Keys of one's own: every command with its keys; enter and the new key is all it takes to change one.

What is changed is written into the member's `keys.toml` in the workspace, which can be edited by hand as well: members
of a shared server have no other place, and many no other way in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Click, Key
from textual.widgets import Input, Static

from opstui.i18n import _
from opstui.ui.commands import COMMANDS, KeyCommand
from opstui.ui.glyphs import MARKS
from opstui.ui.keymap import SAFE
from opstui.ui.keynames import doubt, key_of, shown
from opstui.ui.ownkeys import set_keys
from opstui.ui.palette import Offer, arrange
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.entries import Column, Entry, Span
from opstui.ui.widgets.listing import Listing

Table = Mapping[str, KeyCommand]
Reload = Callable[[], tuple[Table, Sequence[str]]]
"""Reads the files anew and gives the commands with their keys, and what is wrong in the files."""
_ANSWERS = ("escape", "backspace", "delete")
"""Keys that are no key to have, but what to do instead."""
COLUMNS = (Column(14, drop=1), Column(13, lead=True), Column())


class _Query(Input):
    """The line to type in; it is out of the way while a key is waited for."""

    async def _on_key(self, event: Key) -> None:
        screen = self.screen
        assert isinstance(screen, KeysScreen)
        if screen.waits:
            event.stop()
            event.prevent_default()
            await screen.struck(event.key)
        else:
            await super()._on_key(event)


class _Commands(Listing, can_focus=False):
    """The rows; the line to type in keeps the keys."""


class KeysScreen(Dialog[None]):
    """The commands and their keys, found by typing. A change counts at once."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("up,ctrl+p", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]
    DEFAULT_CSS = """
    KeysScreen { align: center top; background: transparent;
        & > .sheet { width: 108; max-width: 100%; height: 80%; min-height: 12; max-height: 40; margin-top: 1;
            background: $panel; }
        &.-wide > .sheet { border: round $thumb; }
        & .title { padding: 0 1; height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        & .line { height: 1; background: $lane; }
        & .prompt { width: 3; padding: 0 1; color: $accent; text-style: bold; }
        & Input, & Input:focus { width: 1fr; background: $lane; background-tint: $foreground 0%; padding: 0; }
        & .keys { color: $muted; padding: 0 1; height: auto; max-height: 3; }
        & .keys.-wrong { color: $warn; }
    }
    """

    def __init__(self, table: Table, path: Path, place: str, reload: Reload) -> None:
        """The commands as they are; `path` is the file, `place` how it is told to people."""
        super().__init__()
        self._table, self._path, self._place, self._reload = table, path, place, reload
        self.waits = False
        """The next key is the one that is wanted."""
        self._doubted = ""
        """The key that was told to be another's, or the terminal's: struck again it is taken."""
        self.list = _Commands(self._entry, COLUMNS, empty=_("nothing has such a name; fewer letters find more"))

    def compose(self) -> ComposeResult:
        """Where they are kept, a line to type in, the commands, what goes on."""
        query = _Query(compact=True, placeholder=_("type a few letters of a command, or its key"))
        query.cursor_blink = False
        with Vertical(classes="sheet"):
            yield Static(Content(_("Your keys, kept in {file}").format(file=self._place)), classes="title")
            with Horizontal(classes="line"):
                yield Static(MARKS["after"], classes="prompt", markup=False)
                yield query
            yield self.list
            yield Static("", classes="keys", markup=False)

    def on_mount(self) -> None:
        """All commands, in the order of the help."""
        self._find("")

    def _find(self, query: str) -> None:
        """Those that match what was typed, the best first."""
        offers = [
            Offer(id=each.id, label=each.label, what=each.help, group=each.group, go=str, key=each.show)
            for each in self._table.values()
        ]
        self.list.show(arrange(query, offers))
        self.list.to_top()
        self._tell()

    def on_input_changed(self, event: Input.Changed) -> None:
        """A letter."""
        self._find(event.value)

    def on_input_submitted(self) -> None:
        """Enter."""
        self.on_listing_chosen()

    def _entry(self, key: Hashable) -> Entry:
        command = self._table[str(key)]
        keys = "  ".join(shown(name) for name in command.keys)
        return Entry(
            (
                (Span(keys or "-", "accent" if keys else "faint"),),
                (Span(command.label),),
                (Span(command.help, "muted"),),
            )
        )

    def _tell(self, said: str = "", *, wrong: bool = False) -> None:
        keys = self.query_one(".keys", Static)
        said = said or _("↑ ↓ choose   enter another key   esc done")
        keys.update(Content(f"{MARKS['late']} {said}" if wrong else said))
        keys.set_class(wrong, "-wrong")

    @property
    def _command(self) -> KeyCommand:
        return self._table[str(self.list.key)]

    def on_listing_chosen(self) -> None:
        """Enter or a double click: the next key is the new one."""
        if self.list.key is None:
            return
        self.waits, self._doubted = True, ""
        usual = " ".join(map(shown, COMMANDS[self._command.id].keys)) or _("none")
        said = _("the new key for {command}   backspace none   delete usual: {usual}   esc back")
        self._tell(said.format(command=self._command.label, usual=usual))

    async def struck(self, name: str) -> None:
        """The key that was waited for."""
        command = self._command
        if name in _ANSWERS:
            self.waits = False
            self._tell()
            if name != "escape":
                await self._set(() if name == "backspace" else COMMANDS[command.id].keys)
            return
        try:
            key = key_of(name)
        except ValueError as wrong:
            self.waits = False
            self._tell(str(wrong), wrong=True)
            return
        why, never = self._objection(key)
        if why and (never or self._doubted != key):
            self._doubted = key
            again = (
                _("press another   esc as it is")
                if never
                else _("{key} again takes it   esc as it is").format(key=shown(key))
            )
            self._tell(f"{why}   {again}", wrong=True)
            return
        self.waits = False
        await self._set((key, *(other for other in command.keys[1:] if other != key)))

    def _objection(self, key: str) -> tuple[str, bool]:
        """Why the command should not have that key, and whether it cannot."""
        other = next((each for each in self._table.values() if key in each.keys and each != self._command), None)
        if other is None:
            return doubt(key), False
        said = _("{key} is {other}, which always keeps it") if other.id in SAFE else _("{key} is {other} now")
        return said.format(key=shown(key), other=other.label), other.id in SAFE

    async def _set(self, keys: tuple[str, ...]) -> None:
        command = self._command
        try:
            await asyncio.to_thread(set_keys, self._path, command.id, keys)
        except (ValueError, OSError) as wrong:
            why = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
            self._tell(_("not changed: {why}").format(why=why), wrong=True)
            return
        self._table, said = self._reload()
        self.list.forget()
        if said:
            self._tell("; ".join(said), wrong=True)
            return
        now = shown(keys[0]) if keys else _("no key")
        gone = " ".join(shown(key) for key in command.keys if key not in keys)
        text = _("{command}: {key} from now on, {gone} no more") if gone else _("{command}: {key} from now on")
        self._tell(text.format(command=command.label, key=now, gone=gone))

    def action_move(self, by: int) -> None:
        """The cursor up or down."""
        self.list.move(by)

    def action_page(self, by: int) -> None:
        """A screenful."""
        self.list.page(by)

    def on_click(self, event: Click) -> None:
        """A click beside it closes it."""
        if event.widget is self:
            self.dismiss()
