"""Finding by a few letters: what matches, what comes first, and which letters are marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.ui.fuzzy import fold, rank

NAMES = st.text(alphabet="abcRxÉß -_é", max_size=12)


def best(query: str, *texts: str) -> list[str]:
    return [texts[index] for _score, index, _places in rank(query, texts)]


@pytest.mark.parametrize(
    ("query", "texts", "found"),
    [
        ("rn", ("budi", "rina", "dewi"), ["rina"]),
        ("", ("b", "a"), ["b", "a"]),
        ("  ", ("b", "a"), ["b", "a"]),
        ("x", ("budi",), []),
        ("ri", ("sri", "rina", "tri rahayu"), ["rina", "sri", "tri rahayu"]),
        ("ms", ("items", "Move to a stage", "mails"), ["Move to a stage", "mails", "items"]),
        ("sm", ("SaveMore", "resume"), ["SaveMore", "resume"]),
        ("stage move", ("move to a stage", "stage"), ["move to a stage"]),
        ("vip", ("vip-gold", "vip", "v i p"), ["vip", "vip-gold", "v i p"]),
        ("RINA", ("rina",), ["rina"]),
        ("jose", ("José",), ["José"]),
        ("josé", ("jose",), ["jose"]),
        ("gay", ("Gayo 250g", "Garut, kayu"), ["Gayo 250g", "Garut, kayu"]),
    ],
)
def test_what_is_found_and_in_which_order(query: str, texts: tuple[str, ...], found: list[str]) -> None:
    assert best(query, *texts) == found


@pytest.mark.parametrize(
    ("query", "text", "places"),
    [
        ("rn", "rina", (0, 2)),
        ("st", "test stage", (5, 6)),
        ("ab", "a ab", (2, 3)),
        ("mv st", "Move to a stage", (0, 2, 10, 11)),
    ],
)
def test_the_letters_that_matched(query: str, text: str, places: tuple[int, ...]) -> None:
    assert rank(query, [text])[0][2] == places


@given(st.text(alphabet="abcr é", max_size=5), st.lists(NAMES, max_size=6))
def test_each_place_holds_a_letter_of_the_query_and_every_text_that_can_match_does(
    query: str, texts: list[str]
) -> None:
    found = rank(query, texts)
    assert len({index for _s, index, _p in found}) == len(found)
    for _score, index, places in found:
        assert list(places) == sorted(set(places))
        marked = {fold(texts[index])[at] for at in places}
        assert marked == {letter for letter in fold(query) if not letter.isspace()}
    if len(query.split()) == 1:
        word = fold(query.split(maxsplit=1)[0])
        assert all("".join(fold(texts[i])[at] for at in places) == word for _s, i, places in found)


@given(NAMES.filter(str.strip), st.lists(NAMES, max_size=6))
def test_a_text_is_found_by_itself(text: str, others: list[str]) -> None:
    assert len(others) in [index for _s, index, _p in rank(text, [*others, text])]


@given(NAMES)
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)
