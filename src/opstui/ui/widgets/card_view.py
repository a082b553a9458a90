"""An open card, to read and scroll: facts, checklist, comments, timeline.

Lines are laid out here, with hanging indents, because a long customer message must stay readable at 40 cells. Text from
people goes into Content as plain text, never through markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from opstui.i18n import _, ngettext
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import cells, clip, printable

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from opstui.projections.detail import DetailView

Line = tuple[str, str, str, bool]
"""When, who, what, and whether a person says it, of the timeline."""

LABEL = 16
"""Cells that a label takes at most."""
CHECK = "check"
"""What the lines of a checklist item carry, for the mouse: its number."""
MOST = 300
"""Lines of timeline or comments that are drawn; what is older is counted."""


def wrapped(text: str, width: int, indent: int = 0, style: str = "", lead: Content | None = None) -> Iterator[Content]:
    """Text in lines of `width` cells, the first after `lead`, the others after an indent. Long words are cut."""
    room = max(4, width - indent)
    first = lead or Content(" " * indent)
    for paragraph in text.split("\n"):
        for line in Content(printable(paragraph)).wrap(room) or [Content("")]:
            yield first + line.stylize(style) if style else first + line
            first = Content(" " * indent)


class CardView(VerticalScroll, can_focus=True):
    """One card. `show` draws it; the timeline may come later."""

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    CardView { background: $panel; padding: 0 1; scrollbar-size-vertical: 1; border-left: outer $panel;
        &:focus { border-left: outer $accent; background-tint: $foreground 0%; }
        & > Static { width: 1fr; height: auto; }
    }
    """

    @dataclass
    class CheckClicked(Message):
        """An item of the checklist was clicked."""

        card: int
        item: int

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Empty until something is shown."""
        super().__init__(id=id)
        self._view: DetailView | None = None
        self._timeline: Sequence[Line] | None = None
        self._body = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """The text."""
        yield self._body

    @property
    def card(self) -> int | None:
        """The id of the card on show."""
        return self._view.card if self._view else None

    def show(self, view: DetailView | None, timeline: Sequence[Line] | None) -> None:
        """Draw a card; another card than before starts at its top. A timeline of None is still being read."""
        if view is None or self.card != view.card:
            self.scroll_home(animate=False)
        self._view, self._timeline = view, timeline
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """A click on an item of the checklist."""
        number = event.style.meta.get(CHECK)
        if isinstance(number, int) and self.card is not None:
            self.post_message(self.CheckClicked(self.card, number))

    def on_resize(self) -> None:
        """Lay the lines out anew."""
        self._draw()

    def _draw(self) -> None:
        width = max(8, self.size.width - 1)
        if self._view is None:
            self._body.update(Content(_("No card here. Choose one on the board; n makes a new one.")))
            return
        self._body.update(Content("\n").join(self._lines(self._view, width)))

    def _lines(self, view: DetailView, width: int) -> Iterator[Content]:
        labels = (*(label for label, _text in view.facts), *(link.relation for link in view.links))
        room = min(LABEL, max(map(cells, labels), default=0))
        yield from wrapped(
            view.title,
            width,
            style="bold",
            lead=Content.styled(f"{view.ref}  ", "bold $accent"),
            indent=len(view.ref) + 2,
        )
        due = Content.styled(f"{MARKS['late']} {view.due}", "$late") if view.late else Content(view.due)
        yield Content("   ").join(part for part in (Content(view.stage), due) if part.plain)
        if view.archived:
            yield Content.styled(_("archived"), "$muted")
        if view.blocked:
            yield from wrapped(view.blocked, width, 2, "$blocked", Content.styled(f"{MARKS['blocked']} ", "$blocked"))
        yield Content("")
        for label, text in view.facts:
            yield from _labelled(label, text, width, room)
        if view.description:
            yield Content("")
            yield from wrapped(view.description, width)
        yield from self._checklist(view, width)
        yield from _taught(view, width)
        if view.links:
            yield from _heading(_("Links"))
            for link in view.links:
                yield from _labelled(link.relation, f"{link.ref}  {link.title}", width, room)
        yield from self._history(view, width)

    @staticmethod
    def _checklist(view: DetailView, width: int) -> Iterator[Content]:
        if view.checklist:
            done = sum(1 for _id, ticked, _text in view.checklist if ticked)
            yield from _heading(_("Checklist {done}/{all}").format(done=done, all=len(view.checklist)))
        for place, (number, ticked, text) in enumerate(view.checklist, 1):
            mark = Content.styled(MARKS["marked"], "$ok") if ticked else Content.styled(MARKS["open"], "$muted")
            lead = Content(f"{place:>2} ") + mark + Content(" ")
            for line in wrapped(text, width, 5, "$muted" if ticked else "", lead):
                yield line.stylize(Style.from_meta({CHECK: number}))

    def _history(self, view: DetailView, width: int) -> Iterator[Content]:
        said = ngettext("{n} comment", "{n} comments", view.comments)
        yield from _heading(_("Timeline · {comments}").format(comments=said) if view.comments else _("Timeline"))
        if self._timeline is None:
            yield Content.styled(_("reading ..."), "$muted")
            return
        rows = self._timeline[:MOST]
        when = max((len(row[0]) for row in rows), default=0)
        who = max((len(row[1]) for row in rows), default=0)
        for row in rows:
            lead = Content.assemble(
                (f"{row[0]:<{when}}  ", "$faint"), (f"{printable(row[1]):<{who}}  ", "bold" if row[3] else "$muted")
            )
            yield from wrapped(row[2], width, when + who + 4, "" if row[3] else "$muted", lead)
        if len(self._timeline) > MOST:
            yield Content.styled(_("and {n} older").format(n=len(self._timeline) - MOST), "$muted")


def _labelled(label: str, text: str, width: int, room: int) -> Iterator[Content]:
    """A text after its label of `room` cells."""
    label = clip(label, room)
    yield from wrapped(text, width, room + 1, lead=Content.styled(label + " " * (room + 1 - cells(label)), "$muted"))


def _taught(view: DetailView, width: int) -> Iterator[Content]:
    """What earlier campaigns taught."""
    if view.lessons:
        yield from _heading(_("What earlier ones taught"))
    for lesson in view.lessons:
        yield from wrapped(lesson.text, width, len(lesson.ref) + 2, lead=Content.styled(f"{lesson.ref}  ", "$muted"))


def _heading(text: str) -> Iterable[Content]:
    return (Content(""), Content.styled(text, "bold $muted"))
