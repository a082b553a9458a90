"""Finding by a few letters of it: "rn" finds rina, "mv st" finds Move to a stage. One matcher for whatever is searched.

Every letter of the query stands in the text, in that order. Letters at the beginning of words and letters side by side
count most, so that what a person abbreviates comes before what merely holds those letters. Pure: texts in, ranks out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

Found = tuple[int, int, tuple[int, ...]]
"""Score (higher is better), index of the text, and the places in it of the letters that matched, ascending."""

MATCH, START, RUN, FIRST, GAP = 16, 9, 10, 6, 1
"""A letter; one that begins a word; one right behind the last; the very first of the text; each letter in between."""
_NONE = -(10**9)


def rank(query: str, texts: Iterable[str]) -> list[Found]:
    """The texts that match, best first; of equals the shorter one, then the one that came first.

    Words of the query (parted by blanks) are looked for each on its own. An empty query matches everything, in order.
    Case and accents do not matter.
    """
    words = [fold(word) for word in query.split()]
    found = []
    for index, text in enumerate(texts):
        if (match := _match(words, text)) is not None:
            found.append((-match[0], len(text) if words else 0, index, match[1]))
    return [(-score, index, places) for score, _length, index, places in sorted(found)]


def fold(text: str) -> str:
    """The text without case and accents, letter by letter: as long as the text."""
    if text.isascii():
        return text.lower()
    return "".join(unicodedata.normalize("NFD", letter.casefold())[0] for letter in text)


def _match(words: Sequence[str], text: str) -> tuple[int, tuple[int, ...]] | None:
    """Score and places of all words, or None when one of them is not there."""
    folded = fold(text)
    if not all(_holds(word, folded) for word in words):
        return None
    starts = [_begins(text, at) for at in range(len(text))]
    score, places = 0, set[int]()
    for word in words:
        one, where = _align(word, folded, starts)
        score += one
        places.update(where)
    return score, tuple(sorted(places))


def _holds(word: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in word)


def _begins(text: str, at: int) -> bool:
    """Whether a word begins here: after what is no letter, or with a capital after a small one."""
    if at == 0:
        return True
    here, before = text[at], text[at - 1]
    return here.isalnum() and (not before.isalnum() or (here.isupper() and before.islower()))


def _align(word: str, text: str, starts: Sequence[bool]) -> tuple[int, list[int]]:
    """The best way to lay the letters of a word over a text that holds them: score and places."""
    scores, came = [0] * len(text), list[list[int]]()
    for turn, letter in enumerate(word):
        scores, origins = _lay(letter, text, starts, scores if turn else None)
        came.append(origins)
    places = [max(range(len(text)), key=lambda at: scores[at])]
    for origins in reversed(came[1:]):
        places.append(origins[places[-1]])
    return max(scores), places[::-1]


def _lay(letter: str, text: str, starts: Sequence[bool], before: list[int] | None) -> tuple[list[int], list[int]]:
    """For each place: the best score with this letter there, and where the letter before it then is.

    `before` are the scores of the letter before it; None for the first.
    """
    scores, origins = [_NONE] * len(text), [-1] * len(text)
    far, far_at = _NONE, -1
    for at, other in enumerate(text):
        near = before[at - 1] if before and at else _NONE
        base, origin = (near + RUN, at - 1) if near + RUN >= far else (far, far_at)
        if before is None:
            base, origin = 0, -1
        if other == letter and base > _NONE // 2:
            scores[at] = base + MATCH + (START if starts[at] else 0) + (FIRST if at == 0 else 0)
            origins[at] = origin
        if near >= far:
            far, far_at = near, at - 1
        far -= GAP
    return scores, origins
