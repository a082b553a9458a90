"""A card's checklist, worked on in place: tick, write, order. Each change is saved as it is made; undo takes it back.

Keys wait for the change before them, as on the board, so that two quick ones never mean the same item by mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label

from opstui.i18n import _
from opstui.ui.glyphs import MARKS
from opstui.ui.screens.item_deeds import Deeds
from opstui.ui.widgets.entries import Column, Entry, Section, Span
from opstui.ui.widgets.items import TEXT_AT, Items
from opstui.ui.widgets.key_line import Button
from opstui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from opstui.domain.model import Check
    from opstui.ui.checks import CheckDeeds

NEW = 0
"""The number of the item that is being written and is not there yet."""


class ItemLine(TextLine):
    """The line an item is written in. Enter counts in the order of the keys: what follows it is no part of the text."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            assert isinstance(self.screen, Checklist)
            self.screen.keep()
        elif not self.has_class("-shown"):
            event.stop()
            event.prevent_default()
            await self.app.on_event(events.Key(event.key, event.character))


class Checklist(Deeds):
    """The checklist of one card."""

    AUTO_FOCUS = "Items"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", _("close")),
        Binding("q,i", "leave", show=False),
        Binding("space,x", "tick", _("tick")),
        Binding("enter,e", "edit", _("edit")),
        Binding("n,a", "add", _("new")),
        Binding("K,shift+up", "shift(-1)", show=False),
        Binding("J,shift+down", "shift(1)", show=False),
        Binding("d,delete", "remove", _("take off")),
        Binding("u", "undo", _("undo")),
        Binding("ctrl+r", "redo", show=False),
    ]
    DEFAULT_CSS = """
    Checklist {
        & Items { min-height: 1; }
        & .items { height: auto; }
        & ItemLine {
            display: none; position: absolute; height: 1; width: 1fr; margin: 0 1 0 4; background: $lane; padding: 0;
        }
        & TextLine.-shown { display: block; }
    }
    """

    def __init__(self, deeds: CheckDeeds) -> None:
        """The deeds know the card."""
        super().__init__(deeds)
        self._items: dict[int, Check] = {}
        self._list = Items(
            self._entry, (Column(width=1), Column(lead=True)), empty=_("nothing on it yet: n writes the first item")
        )
        self._line = ItemLine(compact=True, select_on_focus=False)
        self._line.cursor_blink = False
        self._written: int | None = None
        """The item that is being written; None when none is."""
        self._told_at = ""
        """What stood in the line when something was told."""
        self._title = Label("", classes="title", markup=False)
        self._body = Vertical(classes="items")

    def compose(self) -> ComposeResult:
        """Title with what is done, items, keys; the line to write in lies over the item."""
        with Vertical(classes="sheet"):
            yield self._title
            with self._body:
                yield self._list
                yield self._line
            yield self._keys

    def on_mount(self) -> None:
        """Where there is nothing yet, writing is what was meant."""
        self._fit()
        self._show()
        if not self._items:
            self.action_add()

    def on_resize(self) -> None:
        """The line moves with its item."""
        self._fit()
        self.center()
        self.call_after_refresh(self._place)

    def _fit(self) -> None:
        height = self.size.height
        airy = height > len(self._items) + 8
        self.query(".sheet").set_class(airy, "-airy")
        self._body.styles.max_height = max(1, height - 2 - 4 * airy)
        self._body.styles.margin = (1, 0) if airy else 0

    def _show(self) -> None:
        """The items as they are now."""
        self._items = {item.id: item for item in self._deeds.items()}
        done = sum(item.done for item in self._items.values())
        count = f"   {done}/{len(self._items)}" if self._items else ""
        self._title.update(Content(_("Checklist of {ref}").format(ref=self._deeds.ref) + count))
        keys = [*self._items, NEW] if self._written == NEW else list(self._items)
        self._list.show([Section("", keys)])
        self._list.refresh(layout=True)
        self._keys.set(*(_WRITING if self._written is not None else _LOOKING))
        self._fit()
        self.stay()

    def _entry(self, key: object) -> Entry:
        item = self._items.get(key) if isinstance(key, int) else None
        if item is None:
            return Entry(((Span(MARKS["open"], "muted"),), ()))
        mark = Span(MARKS["marked"], "ok") if item.done else Span(MARKS["open"], "muted")
        return Entry(((mark,), (Span(item.text, "muted" if item.done else "ink"),)))

    @property
    def _here(self) -> int | None:
        """The item under the cursor."""
        key = self._list.key
        return key if isinstance(key, int) and key in self._items else None

    # ------------------------------------------------------------------ writing

    def action_add(self) -> None:
        """Write a new item; one after the other, until an empty one."""
        self._write(NEW, "")

    def action_edit(self) -> None:
        """Write over the item under the cursor."""
        if (item := self._here) is not None:
            self._write(item, self._items[item].text)
        else:
            self.action_add()

    def _write(self, item: int, text: str) -> None:
        """Lay the line over an item; keys that were struck meanwhile are for it."""
        self._ops.hold()
        self._written = item
        self._show()
        self._list.goto(item)
        self._put(text)
        self._line.add_class("-shown")
        self.set_focus(self._line)
        self.call_after_refresh(self._place)
        self.call_after_refresh(self._ops.release)

    def _put(self, text: str) -> None:
        self._line.value = text
        self._line.cursor_position = len(text)

    def _place(self) -> None:
        """Lay the line over the text of the item."""
        if self._written is not None:
            self._line.styles.offset = (TEXT_AT, self._list.cursor_line)

    def _written_out(self) -> None:
        """No longer writing."""
        self._written = None
        self._line.remove_class("-shown")
        self.set_focus(self._list)
        self._show()

    def keep(self) -> None:
        """Enter: keep what is written. After a new item comes the next one, until an empty one."""
        text, item = self._line.value, self._written
        if item is None:
            return
        if not text.strip() or (item in self._items and text == self._items[item].text):
            self._written_out()
        elif item == NEW:
            self._put("")
            self._do(self._added(text))
        else:
            self._written_out()
            self._do(self._edited(item, text))

    async def _added(self, text: str) -> str:
        reason = await self._deeds.add(text)
        if reason:
            self._put(text + self._line.value)
        else:
            self._show()
            self._list.goto(NEW)
            self.call_after_refresh(self._place)
        return reason

    async def _edited(self, item: int, text: str) -> str:
        reason = await self._deeds.edit(item, text)
        if reason:
            self._write(item, text)
        return reason

    def on_items_grown(self) -> None:
        """The line in which an item is written lies over it."""
        self._place()

    def on_listing_chosen(self) -> None:
        """Enter, or a second click."""
        self.action_edit()

    def action_leave(self) -> None:
        """Out of the line, then out of the list. What stands in the line and was not kept is asked about once."""
        if self._written is None:
            self.dismiss(None)
            return
        before = self._items[self._written].text if self._written in self._items else ""
        if self._line.value.strip() not in ("", before) and not self._keys.told:
            self._tell(_("not saved: enter keeps it, esc again to give up"))
            return
        self._keys.tell("")
        self._written_out()

    def _tell(self, text: str) -> None:
        self._told_at = self._line.value
        self._keys.tell(text)

    def on_input_changed(self) -> None:
        """The person went on: they did not mean to give up."""
        if self._line.value != self._told_at:
            self._keys.tell("")


_LOOKING = (
    Button("space", _("tick"), "tick"),
    Button("esc", _("close"), "leave"),
    Button("n", _("new"), "add"),
    Button("enter", _("edit"), "edit"),
    Button("J/K", _("move")),
    Button("d", _("take off"), "remove"),
    Button("u", _("undo"), "undo"),
)
_WRITING = (Button("enter", _("keep")), Button("esc", _("leave"), "leave"))
