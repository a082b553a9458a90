"""A card as one row of a list: its marks, what it is, where it stands, by when, and what it is worth."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from opstui.projections.board import Face
from opstui.projections.find import pieces
from opstui.ui.glyphs import MARKS
from opstui.ui.widgets.entries import Column, Entry, Span


def columns(place: int) -> tuple[Column, ...]:
    """Marks, ref, title, where it stands (that wide), by when, amount."""
    return (
        Column(2),
        Column(10),
        Column(lead=True, least=24),
        Column(place, drop=1),
        Column(10, right=True),
        Column(10, right=True, drop=2),
    )


def card_entry(face: Face, place: str, words: Collection[str] = (), below: str = "") -> Entry:
    """The row; `place` says where it stands, `words` what was sought, `below` a text for the second line."""
    late = "late" if face.late else "muted"
    amount = Span(face.amount, "late" if face.alarm else "ink")
    cells = (
        tuple(_marks(face)),
        (Span(face.ref, "faint"),),
        (*_shown(face.title, words, "ink"), *_detail(face, words)),
        (Span(place, "muted"),),
        (Span(face.when, late if face.is_due else "faint"),),
        (amount,),
    )
    return Entry(cells, (Span(" " * 16), *_shown(below, words, "muted", around=True)) if below else ())


def _detail(face: Face, words: Collection[str]) -> Sequence[Span]:
    return _shown(f" · {face.detail}", words, "muted") if face.detail else ()


def _marks(face: Face) -> Sequence[Span]:
    first = (
        Span(MARKS["late"], "late")
        if face.late
        else Span(MARKS["blocked"], "blocked")
        if face.blocked
        else Span(MARKS["sensitive"], "muted")
        if face.sensitive
        else Span(" ")
    )
    return (first, Span(MARKS[face.priority], "warn"))


def _shown(text: str, words: Collection[str], color: str, *, around: bool = False) -> Sequence[Span]:
    """The text, with what was sought in bold and in the accent colour."""
    found = pieces(" ".join(text.split()) if around else text, words, around=around)
    return tuple(Span(piece.text, "accent" if piece.hit else color, bold=piece.hit) for piece in found)
