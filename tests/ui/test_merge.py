"""Three-way merge: the laws that keep anyone's words from being lost, and what clashing lines look like."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.ui.merge import merge_lists, merge_texts

TEXTS = st.lists(st.sampled_from("abcd"), max_size=6).map("\n".join)
TAGS = st.lists(st.sampled_from("abcdef"), max_size=5, unique=True)


@given(TEXTS, TEXTS)
def test_where_one_changed_nothing_the_other_stands(base: str, changed: str) -> None:
    assert merge_texts(base, base, changed).text == changed
    assert merge_texts(base, changed, base).text == changed
    assert merge_texts(base, changed, changed).text == changed


@given(TEXTS, TEXTS, TEXTS)
def test_whoever_saved_first_the_same_lines_come_of_it(base: str, theirs: str, mine: str) -> None:
    one, two = merge_texts(base, theirs, mine), merge_texts(base, mine, theirs)
    assert Counter(one.text.split("\n")) == Counter(two.text.split("\n"))
    assert one.clashes == two.clashes


@given(TEXTS, TEXTS, TEXTS)
def test_no_line_that_somebody_wrote_is_lost(base: str, theirs: str, mine: str) -> None:
    merged = set(merge_texts(base, theirs, mine).text.split("\n"))
    for text in (theirs, mine):
        assert set(text.split("\n")) - set(base.split("\n")) <= merged


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "merged", "clashes"),
    [
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC", 0),
        ("a\nb\nc", "a\nT\nc", "a\nM\nc", "a\nT\nM\nc", 1),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd", 0),
        ("", "theirs", "mine", "theirs\nmine", 1),
        ("a", "a\nb", "a\nb", "a\nb", 0),
        ("a\nb", "a\nx\nb", "a\ny\nb", "a\nx\ny\nb", 1),
        ("one\ntwo", "one\ntwo\nthree", "zero\none\ntwo", "zero\none\ntwo\nthree", 0),
    ],
)
def test_lines(base: str, theirs: str, mine: str, merged: str, clashes: int) -> None:
    found = merge_texts(base, theirs, mine)
    assert (found.text, found.clashes) == (merged, clashes)


@given(TAGS, TAGS, TAGS)
def test_of_lists_nothing_new_is_lost_and_nothing_taken_out_comes_back(
    base: list[str], theirs: list[str], mine: list[str]
) -> None:
    merged = merge_lists(base, theirs, mine)
    assert set(merged) == set(merge_lists(base, mine, theirs))
    assert (set(theirs) | set(mine)) - set(base) <= set(merged)
    assert not set(merged) & ((set(base) - set(theirs)) | (set(base) - set(mine)))
    assert merge_lists(base, base, mine) == mine
    assert merge_lists(base, theirs, base) == theirs
