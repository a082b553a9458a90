"""The words in use: counted by board, most used first, from the newest cards."""

from __future__ import annotations

from typing import Any

import pytest

from opstui.domain.model import Doc
from opstui.projections.vocabulary import count_words, words_in_use
from ui.page import memory_workspace, order


@pytest.mark.parametrize(
    ("docs", "key", "words"),
    [
        ([{"tags": ["a"]}, {"tags": ["b", "a"]}], ("orders", "tags"), [("a", 2), ("b", 1)]),
        ([{"channel": "wa"}, {"channels": ["wa", "ig"]}], ("", "channel"), [("wa", 2), ("ig", 1)]),
        ([{"owner": "rina"}, {"sponsor": "budi"}, {"owner": "budi"}], ("orders", "owner"), [("budi", 2), ("rina", 1)]),
        ([{"tags": "not a list"}, {"tags": [3, ""]}, {"customer": 7}], ("orders", "tags"), [("not a list", 1)]),
    ],
)
def test_words_are_counted(docs: list[Doc], key: tuple[str, str], words: list[tuple[str, int]]) -> None:
    assert count_words({"board": "orders", **doc} for doc in docs)[key] == words


def test_boards_have_words_of_their_own_and_all_have_them_together() -> None:
    docs: list[dict[str, Any]] = [{"board": "orders", "tags": ["a"]}, {"board": "feedback", "tags": ["b"]}]
    words = count_words(docs)
    assert words["orders", "tags"] == [("a", 1)]
    assert words["", "tags"] == [("a", 1), ("b", 1)]


def test_only_the_newest_cards_are_looked_at() -> None:
    state = memory_workspace(*(order(f"Order {n}", customer=f"Toko {n}") for n in range(1, 6))).state
    assert words_in_use(state, newest=2)["orders", "customer"] == [("Toko 4", 1), ("Toko 5", 1)]
