"""The right side of the post-mortem's editor: a section's question and its text, its facts, or its rows.

What somebody else wrote meanwhile stands below one's own text, and so do the remarks about its words.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec import Struct
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static, TextArea

from opstui.i18n import _
from opstui.ui.glyphs import MARKS
from opstui.ui.reading import reading
from opstui.ui.widgets.entries import Column, Entry, Section, Span
from opstui.ui.widgets.listing import Listing
from opstui.ui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

    from opstui.projections.wording import Remark
    from opstui.projections.writing import SectionView

REMARKS = 3
"""Remarks that are shown; the rest is counted."""
ROOMY = 14
"""Lines of the pane from which there is air in it."""
Row = Mapping[str, Any]


class Paper(TextBox):
    """The text of a section. Up and down stay in it."""

    def __init__(self) -> None:
        """As high as there is room."""
        super().__init__("", lowest=1)
        self.styles.height = "1fr"

    def action_cursor_down(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's own shape
        """A line down."""
        TextArea.action_cursor_down(self, select)

    def action_cursor_up(self, select: bool = False) -> None:  # noqa: FBT001, FBT002
        """A line up."""
        TextArea.action_cursor_up(self, select)


class Facts(VerticalScroll, can_focus=True):
    """Lines to read and scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", show=False),
        Binding("k", "scroll_up", show=False),
    ]

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Empty."""
        super().__init__(id=id)
        self._body = Static("", markup=False)
        self._markdown = ""
        self.shown = Content("")

    def compose(self) -> ComposeResult:
        """The text."""
        yield self._body

    def read(self, markdown: str) -> None:
        """Show this Markdown as it reads."""
        if markdown != self._markdown:
            self._markdown = markdown
            self._draw()

    def goto(self, title: str) -> None:
        """Where the heading of that title stands."""
        lines = self.shown.plain.split("\n")
        if title in lines:
            self.scroll_to(y=lines.index(title), animate=False)

    def on_resize(self) -> None:
        """Other lines."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width - 1
        self.shown = reading(self._markdown, width) if width > 0 else Content("")
        self._body.update(self.shown)


class Shown(Struct, frozen=True):
    """What the pane shows. `theirs` is what somebody else wrote meanwhile; `lacks` a part -> what it still needs."""

    view: SectionView
    note: str = ""
    body: str = ""
    theirs: str | None = None
    rows: Mapping[int, Row] = {}
    lacks: Mapping[int, str] = {}


class SectionPane(Vertical):
    """One section. What is typed is told by its `paper`, as any text area tells it."""

    DEFAULT_CSS = """
    SectionPane { padding: 0 1;
        & > .heading { height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        & > .question, & > .remarks { height: auto; max-height: 3; color: $muted; }
        & > .remarks { color: $warn; }
        & > .theirs-title { height: 1; color: $late; text-wrap: nowrap; text-overflow: ellipsis; }
        & > .theirs { height: auto; max-height: 35%; background: $surface; padding: 0 1; }
        & > Paper { background: $surface; border: none; padding: 0 1; scrollbar-size-vertical: 1; }
        & > Paper:focus { background: $lane; background-tint: $foreground 0%; }
        & > Facts { height: 1fr; scrollbar-size-vertical: 1; }
        & > Paper, & > Facts, & > Listing, & > .theirs, & > .theirs-title { display: none; }
        &.-text > Paper, &.-facts > Facts, &.-parts > Listing { display: block; }
        &.-clash > .theirs, &.-clash > .theirs-title { display: block; }
        &.-roomy > Paper, &.-roomy > Facts, &.-roomy > Listing { margin-top: 1; }
    }
    """

    def __init__(self) -> None:
        """Nothing is shown yet."""
        super().__init__(id="section")
        self.paper, self.facts = Paper(), Facts()
        self.rows = Listing(self._entry, (Column(width=1), Column(lead=True)), rows=2, id="parts")
        self.shown: Shown | None = None

    def compose(self) -> ComposeResult:
        """Title, question, what there is, theirs, remarks."""
        yield Static("", classes="heading", markup=False)
        yield Static("", classes="question", markup=False)
        yield self.paper
        yield self.facts
        yield self.rows
        yield Static("", classes="theirs-title", markup=False)
        with VerticalScroll(classes="theirs", can_focus=False):
            yield Static("", markup=False)
        yield Static("", classes="remarks", markup=False)

    @property
    def inside(self) -> Widget:
        """What one works in."""
        return self.paper if self.has_class("-text") else self.rows if self.has_class("-parts") else self.facts

    def show(self, shown: Shown, sort: str) -> None:
        """Another section, or the same as it is now; `sort` of the parts where it is a list."""
        self.shown = shown
        section = shown.view.section
        facts = section.how == "facts"
        for name, on in (("-text", not (facts or sort)), ("-parts", bool(sort)), ("-facts", facts)):
            self.set_class(on, name)
        self.set_class(shown.theirs is not None, "-clash")
        self.query_one(".heading", Static).update(Content(f"{section.title} · {shown.view.word}"))
        question = self.query_one(".question", Static)
        question.update(Content(shown.note))
        question.display = bool(shown.note)
        if shown.theirs is not None:
            self.query_one(".theirs-title", Static).update(Content(_("theirs, saved meanwhile; ctrl+o: which stands?")))
            self.query_one(".theirs Static", Static).update(Content(shown.theirs or _("(empty)")))
        if facts:
            self.facts.read(shown.body)
        if sort:
            empty = _("nothing yet: n writes the first; {question}").format(question=section.prompt)
            self.rows.show([Section("", list(shown.rows))], empty=empty)
            self.call_after_refresh(self.rows.forget)  # what it drew before it was hidden stands there again

    def remark(self, found: Iterable[Remark]) -> None:
        """What is said of the words."""
        said = [remark.said for remark in found]
        more = [_("and {n} more").format(n=len(said) - REMARKS)] if len(said) > REMARKS else []
        lines = [f"{MARKS['warn']} {text}" for text in (*said[:REMARKS], *more)]
        shown = self.query_one(".remarks", Static)
        shown.update(Content("\n".join(lines[:REMARKS])))
        shown.display = bool(lines)

    def on_resize(self) -> None:
        """Air where there is room for it."""
        self.set_class(self.size.height >= ROOMY, "-roomy")

    def _entry(self, key: Hashable) -> Entry:
        assert isinstance(key, int)
        assert self.shown is not None
        row, lacks = self.shown.rows.get(key, {}), self.shown.lacks.get(key, "")
        done = bool(row.get("card") or row.get("entry"))
        sign = (
            Span(MARKS["late"], "late")
            if lacks
            else Span(MARKS["marked" if done else "open"], "ok" if done else "muted")
        )
        ref = f"{row['ref']}  " if row.get("ref") else ""
        title = (Span(ref, "muted"), Span(str(row.get("text", ""))))
        return Entry(((sign,), title), (Span("   "), Span(lacks, "late") if lacks else Span(about(row), "muted")))


def about(row: Row) -> str:
    """The other fields of a part, those that say something."""
    names = (
        "owner",
        "due",
        "priority",
        "type",
        "category",
        "keep",
        "done_when",
        "evidence",
        "check",
        "playbook",
        "entry",
    )
    found = [str(row[name]) for name in names if row.get(name)]
    if row.get("due"):
        found[found.index(str(row["due"]))] = _("due {day}").format(day=row["due"])
    if row.get("applies"):
        found.append(", ".join(map(str, row["applies"])))
    return " · ".join(found)
