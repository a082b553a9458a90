"""Keys of one's own: every command with its keys; enter and the new key is all it takes to change one.

What is changed is written into the member's `keys.toml` in the workspace, which can be edited by hand as well: members
of a shared server have no other place, and many no other way in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click, Key
from textual.widgets import Static

from opstui.i18n import _
from opstui.ui.commands import KeyCommand
from opstui.ui.glyphs import MARKS
from opstui.ui.keynames import key_of, shown
from opstui.ui.ownkeys import set_keys
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.entries import Column, Entry, Section, Span
from opstui.ui.widgets.listing import Listing

Table = Mapping[str, KeyCommand]
Reload = Callable[[], tuple[Table, Sequence[str]]]
"""Reads the files anew and gives the commands with their keys, and what is wrong in the files."""
COLUMNS = (Column(14, drop=1), Column(13, lead=True), Column())


class KeysScreen(Dialog[None]):
    """The commands and their keys. A change counts at once."""

    AUTO_FOCUS = "Listing"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", show=False),
        Binding("backspace,delete", "none", show=False),
    ]
    DEFAULT_CSS = """
    KeysScreen { align: center top; background: transparent;
        & > .sheet { width: 108; max-width: 100%; height: 80%; min-height: 12; max-height: 40; margin-top: 1;
            background: $panel; }
        &.-wide > .sheet { border: round $thumb; }
        & .title { padding: 0 1; height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        & .keys { color: $muted; padding: 0 1; height: auto; max-height: 3; }
        & .keys.-wrong { color: $warn; }
    }
    """

    def __init__(self, table: Table, path: Path, place: str, reload: Reload) -> None:
        """The commands as they are; `path` is the file, `place` how it is told to people."""
        super().__init__()
        self._table, self._path, self._place, self._reload = table, path, place, reload
        self._waits = False
        """The next key is the one that is wanted."""
        self.list = Listing(self._entry, COLUMNS)

    def compose(self) -> ComposeResult:
        """Where they are kept, the commands, what goes on."""
        with Vertical(classes="sheet"):
            yield Static(Content(_("Your keys, kept in {file}").format(file=self._place)), classes="title")
            yield self.list
            yield Static("", classes="keys", markup=False)

    def on_mount(self) -> None:
        """All commands, in the order of the help."""
        groups = groupby(self._table.values(), key=lambda command: command.group)
        self.list.show([Section(group, [command.id for command in commands]) for group, commands in groups])
        self._tell()

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
        said = said or _("j k choose   enter another key   backspace no key   esc done")
        keys.update(Content(f"{MARKS['late']} {said}" if wrong else said))
        keys.set_class(wrong, "-wrong")

    @property
    def _command(self) -> KeyCommand:
        return self._table[str(self.list.key)]

    def on_listing_chosen(self) -> None:
        """Enter or a double click: the next key is the new one."""
        self._waits = True
        self.list.can_focus = False
        self.set_focus(None)
        self._tell(_("the new key for {command}?   esc leaves it as it is").format(command=self._command.label))

    async def on_key(self, event: Key) -> None:
        """The new key, when one is waited for."""
        if not self._waits:
            return
        event.stop()
        event.prevent_default()
        self._waits = False
        self.list.can_focus = True
        self.set_focus(self.list)
        self._tell()
        if event.key != "escape":
            try:
                key = key_of(event.key)
                await self._set((key, *(other for other in self._command.keys[1:] if other != key)))
            except ValueError as wrong:
                self._tell(str(wrong), wrong=True)

    async def action_none(self) -> None:
        """No key for it."""
        await self._set(())

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
        else:
            key = shown(keys[0]) if keys else _("no key")
            self._tell(_("{command}: {key} from now on").format(command=command.label, key=key))

    def on_click(self, event: Click) -> None:
        """A click beside it closes it."""
        if event.widget is self:
            self.dismiss()
