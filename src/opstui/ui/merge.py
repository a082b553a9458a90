"""Three-way merge: what both made of one text, line by line; of one list, entry by entry. Pure.

Nothing that either wrote is lost, and nothing that either took away comes back. Lines that both changed are kept from
both, theirs first: a person sees them and decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from msgspec import Struct

T = TypeVar("T")
Lines = Sequence[str]
Span = tuple[int, int]


class Merged(Struct, frozen=True):
    """A merged text, and at how many places both had changed the same lines."""

    text: str
    clashes: int = 0


def merge_texts(base: str, theirs: str, mine: str) -> Merged:
    """Both changes of one text. Where only one changed something, that change stands."""
    if theirs in (base, mine):
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    lines: list[str] = []
    clashes = 0
    for old, other, own in _stretches(*(text.split("\n") for text in (base, theirs, mine))):
        if other in (old, own):
            lines += own
        elif own == old:
            lines += other
        else:
            lines += [*other, *own]
            clashes += 1
    return Merged("\n".join(lines), clashes)


def merge_lists(base: Sequence[T], theirs: Sequence[T], mine: Sequence[T]) -> list[T]:
    """The entries of both, without what either took out; in their order, what is new of mine behind it."""
    if list(theirs) == list(base):
        return list(mine)
    if list(mine) == list(base):
        return list(theirs)
    kept = [entry for entry in theirs if entry in mine or entry not in base]
    return [*kept, *(entry for entry in mine if entry not in base and entry not in theirs)]


def _stretches(base: Lines, theirs: Lines, mine: Lines) -> Iterator[tuple[Lines, Lines, Lines]]:
    """The three texts in stretches: by turns lines that stand in all of them, and what is between those."""
    b = t = m = 0
    for at, in_theirs, in_mine, size in _common(base, theirs, mine):
        yield base[b:at], theirs[t:in_theirs], mine[m:in_mine]
        b, t, m = at + size, in_theirs + size, in_mine + size
        yield base[at:b], theirs[in_theirs:t], mine[in_mine:m]
    yield base[b:], theirs[t:], mine[m:]


def _common(base: Lines, theirs: Lines, mine: Lines) -> Iterator[tuple[int, int, int, int]]:
    """Runs of lines that stand in all three: where they begin in each, and how many."""
    left = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    right = SequenceMatcher(None, base, mine, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(left) and j < len(right):
        one, two = left[i], right[j]
        start, end = max(one.a, two.a), min(one.a + one.size, two.a + two.size)
        if start < end:
            yield start, one.b + start - one.a, two.b + start - two.a, end - start
        if one.a + one.size < two.a + two.size:
            i += 1
        else:
            j += 1
