"""Finding anything: every card of every board, archived ones too, by whatever is written on it or said about it.

What the store knows of a card's text comes first, because it is quick. Checklists, the numbers other systems know a
card by, blockers and comments are read through after that, so they join while one is already looking at the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from itertools import chain, takewhile

from msgspec import Struct

from opstui.domain.boards import Board, with_strays
from opstui.domain.model import BETWEEN, Doc, search_text
from opstui.domain.state import Reader
from opstui.projections.board import Filter
from opstui.projections.search import Search

LEAD = 24
"""Characters of a text shown before the first word that was found."""
ABOUT = 200
"""Characters of a text shown at all."""


DIGITS = 9
"""A longer number is no card's."""


class Found(Struct, frozen=True):
    """Cards that were found in one place, newest first: a board by its id, the archive, the number that was typed."""

    place: str
    cards: tuple[int, ...]


ARCHIVE, NUMBER = "/archive", "/number"
"""Places that are no boards."""


class Piece(Struct, frozen=True):
    """A stretch of a text, and whether it is what was sought."""

    text: str
    hit: bool = False


class Everywhere(Search):
    """The search through everything. `said` holds, for cards found by a comment, which comment it was."""

    def __init__(self, reader: Reader, keep: Filter) -> None:
        """Newest cards first."""
        super().__init__(reader, keep, [reader.ids("cards")[::-1]])
        self.said: dict[int, int] = {}
        self._heard = _last(reader.ids("comments"))
        """The last comment that was there when the search began."""

    def narrow(self, hits: Container[int]) -> None:
        """The cards in whose text the words stand; what else is written on cards comes after them."""
        super().narrow(hits)
        if self._keep.words:
            self._rest = chain(self._rest, self._written(), self._spoken())
            self.settled = False

    def again(self, cards: Iterable[int]) -> None:
        """These cards have changed, or something was said about them."""
        numbers = self._reader.ids("comments")
        for number in takewhile(lambda number: number > self._heard, reversed(numbers)):
            comment = self._reader.get("comments", number) or {}
            if self._has(str(comment.get("text", "")).casefold()):
                self.said[comment["card"]] = number
        self._heard = _last(numbers)
        super().again(cards)

    def _numbered(self, boards: Sequence[Board]) -> tuple[int, ...]:
        """The cards whose ref was typed, or its number alone: ORD-0042, or 42 for that number of any board."""
        word = self._keep.words[0].upper() if len(self._keep.words) == 1 and self._keep.rest is None else ""
        number = word.isascii() and word.isdecimal() and len(word) <= DIGITS
        refs = [f"{board.prefix}-{int(word):04d}" for board in boards] if number else [word] if word else []
        return tuple(card for ref in refs if (card := self._reader.find_ref(ref)) is not None)

    def _written(self) -> Iterator[tuple[int, bool]]:
        """Cards that have the words somewhere else than where the store looks."""
        for card, doc in self._reader.items("cards"):
            more = written(doc)
            yield card, bool(more) and self._lets_through(card, doc)

    def _spoken(self) -> Iterator[tuple[int, bool]]:
        """Cards about which the words were said, in one comment."""
        for number, comment in self._reader.items("comments"):
            if comment.get("withdrawn") or not self._has(str(comment.get("text", "")).casefold()):
                yield 0, False
                continue
            card = comment["card"]
            doc = self._reader.get("cards", card)
            good = doc is not None and self._fits(doc)
            if good:
                self.said[card] = number
            yield card, good

    def _lets_through(self, card: int, doc: Doc) -> bool:
        text = BETWEEN.join((search_text(doc), *written(doc))).casefold()
        return self._fits(doc) and (self._has(text) or self._was_said(card))

    def _was_said(self, card: int) -> bool:
        comment = self._reader.get("comments", self.said[card]) if card in self.said else None
        return comment is not None and not comment.get("withdrawn")

    def _has(self, text: str) -> bool:
        return all(word in text for word in self._keep.words)

    def _fits(self, doc: Doc) -> bool:
        return self._keep.rest is None or self._keep.rest(doc)

    def grouped(self, boards: Sequence[Board]) -> tuple[Found, ...]:
        """What was found so far: the card whose number was typed, then by board, the archive at the end."""
        exact = self._numbered(boards)
        found, groups = frozenset(self.found).difference(exact), [Found(NUMBER, exact)]
        live: set[int] = set()
        for board in boards:
            known = with_strays(board, self._reader.stages(board.id))
            here = found.intersection(chain.from_iterable(self._reader.lane(board.id, s.id) for s in known.stages))
            live |= here
            groups.append(Found(board.id, tuple(sorted(here, reverse=True))))
        groups.append(Found(ARCHIVE, tuple(sorted(found - live, reverse=True))))
        return tuple(group for group in groups if group.cards)


_LISTS = {"checklist": ("text",), "lines": ("name", "sku")}
_TEXTS = ("external_id", "tracking", "city", "courier", "theme", "done_when")
_ELSEWHERE = frozenset({*_LISTS, *_TEXTS, "blocker"})


def _last(numbers: Sequence[int]) -> int:
    return numbers[-1] if len(numbers) else 0


def written(doc: Doc) -> tuple[str, ...]:
    """What is written on a card where the store's own search does not look."""
    if doc.keys().isdisjoint(_ELSEWHERE):
        return ()
    rows = ((row, names) for field, names in _LISTS.items() for row in doc.get(field, ()))
    blocker = doc.get("blocker") or {}
    texts = (
        *(row.get(name) for row, names in rows for name in names),
        *(doc.get(name) for name in _TEXTS),
        blocker.get("reason"),
        blocker.get("waiting_on"),
    )
    return tuple(text for text in texts if isinstance(text, str) and text)


def where(doc: Doc, words: Sequence[str], comment: str = "") -> str:
    """The text in which a card has the most of the words, title and customer aside: what is worth showing of it."""
    texts = (doc.get("description", ""), comment, *doc.get("tags", ()), *written(doc))
    best = max(texts, key=lambda text: _count(text, words), default="")
    return best if _count(best, words) else ""


def _count(text: str, words: Sequence[str]) -> int:
    folded = text.casefold()
    return sum(word in folded for word in words)


def pieces(text: str, words: Collection[str], *, around: bool = False) -> tuple[Piece, ...]:
    """The text in stretches, those that were sought marked. `around`: begin shortly before the first of them."""
    folded, place = _folded(text)
    hits = sorted(_hits(folded, words))
    if around and hits:
        start = place[hits[0][0]]
        begin = text.rfind(" ", 0, max(0, start - LEAD)) + 1 if start > LEAD else 0
        if begin:
            return (Piece("… "), *pieces(text[begin : begin + ABOUT], words))
        text = text[:ABOUT]
    return tuple(_cut(text, [(place[a], place[b]) for a, b in hits]))


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text as it is compared, and for each of its letters (and its end) the letter of the text it came from."""
    folded = text.casefold()
    if len(folded) == len(text):
        return folded, range(len(text) + 1)
    place = [n for n, letter in enumerate(text) for _one in letter.casefold()]
    return folded, [*place, len(text)]


def _hits(folded: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        at = folded.find(word) if word else -1
        while at >= 0:
            yield at, at + len(word)
            at = folded.find(word, at + len(word))


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    at = 0
    for start, end in spans:
        if end <= at or start >= len(text):
            continue
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[max(at, start) : end], hit=True)
        at = end
    if at < len(text):
        yield Piece(text[at:])
