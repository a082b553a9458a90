"""Finding anything: in which texts, with which keys, and what is shown of them."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import Tables, card_doc
from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.model import Doc
from opstui.projections.filter import FilterContext, parse
from opstui.projections.find import Everywhere, pieces, where

HERE = FilterContext(today=date(2026, 9, 21), zone=ZoneInfo("Asia/Jakarta"), me="rina", boards=DEFAULT_BOARDS)


def found(query: str, *docs: Doc, comments: tuple[Doc, ...] = ()) -> dict[str, list[int]]:
    """board (or archive) -> cards"""
    tables = Tables(cards={doc["id"]: doc for doc in docs}, comments=dict(enumerate(comments, 1)))
    search = Everywhere(tables, parse(query, HERE))
    search.begin(lambda: False)
    assert search.settled
    return {group.place.strip("/"): list(group.cards) for group in search.grouped(DEFAULT_BOARDS)}


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "For Sari"},
        {"customer": "Sari W."},
        {"description": "Call SARI first"},
        {"tags": ["sari"]},
        {"owner": "sari"},
        {"checklist": [{"id": 1, "text": "ask Sari"}]},
        {"external_id": "SHOPEE-SARI-1"},
        {"blocker": {"reason": "wait", "waiting_on": "Sari"}},
        {"lines": [{"name": "Sari Roti", "quantity": 1}]},
        {"tracking": "JNE-SARI"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_word_is_found_wherever_it_is_written(fields: dict[str, Any]) -> None:
    assert found("sari", card_doc(1, **fields), card_doc(2)) == {"orders": [1]}


def test_comments_are_found_unless_they_were_withdrawn() -> None:
    said = {"card": 1, "text": "Sari called", "by": "budi"}
    assert found("sari called", card_doc(1), comments=(said,)) == {"orders": [1]}
    assert found("sari called", card_doc(1), comments=({**said, "withdrawn": True},)) == {}
    assert found("sari owner:budi", card_doc(1), comments=(said,)) == {}


def test_results_are_grouped_by_board_newest_first_and_the_archive_is_last() -> None:
    docs = [
        card_doc(1, title="gayo"),
        card_doc(2, title="gayo"),
        card_doc(3, "campaigns", "brief", title="gayo"),
        card_doc(4, title="gayo", archived=True),
    ]
    assert found("gayo", *docs) == {"orders": [2, 1], "campaigns": [3], "archive": [4]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ord-0002", {"number": [2]}),
        ("2", {"number": [2, 3], "orders": [4]}),
        ("002", {"number": [2, 3]}),
        ("2 call", {"orders": [4]}),
        ("99999999999999999999", {}),
        ("²", {}),
    ],
)
def test_the_card_whose_number_was_typed_comes_first(query: str, expected: dict[str, list[int]]) -> None:
    docs = [
        card_doc(2, ref="ORD-0002"),
        card_doc(3, "campaigns", "brief", ref="CMP-0002"),
        card_doc(4, ref="ORD-0004", title="call 081222"),
    ]
    assert found(query, *docs) == expected


@pytest.mark.parametrize(
    ("query", "cards"), [("owner:me", [1]), ("tag:vip", [2]), ("is:open", [2, 1]), ("gayo tag:vip", [2])]
)
def test_keys_of_the_filter_language_work(query: str, cards: list[int]) -> None:
    docs = [card_doc(1, title="gayo", owner="rina"), card_doc(2, title="gayo", tags=["vip"])]
    assert found(query, *docs) == {"orders": cards}


def test_a_changed_card_is_looked_at_again_with_all_its_texts() -> None:
    tables = Tables(cards={1: card_doc(1), 2: card_doc(2, title="sari")}, comments={})
    search = Everywhere(tables, parse("sari", HERE))
    search.begin(lambda: False)
    tables.tables["cards"] |= {1: card_doc(1, checklist=[{"id": 1, "text": "sari"}]), 2: card_doc(2, title="x")}
    search.again([1, 2])
    assert search.found == {1}


def test_what_is_said_meanwhile_is_heard_until_it_is_withdrawn() -> None:
    comments = {1: {"card": 1, "text": "hello"}}
    tables = Tables(cards={1: card_doc(1), 2: card_doc(2)}, comments=comments)
    search = Everywhere(tables, parse("sari", HERE))
    search.begin(lambda: False)
    comments[2] = {"card": 2, "text": "Sari called"}
    search.again([2])
    assert (search.found, search.said) == ({2}, {2: 2})
    comments[2] |= {"withdrawn": True}
    search.again([2])
    assert search.found == set()


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Sari Wulandari", ("sari",), "<Sari> Wulandari"),
        ("Straße 5", ("strasse",), "<Straße> 5"),
        ("aaa", ("aa",), "<aa>a"),
        ("sari w", ("sari", "ari w"), "<sari>< w>"),
        ("nothing", ("x",), "nothing"),
        ("", ("x",), ""),
    ],
)
def test_what_was_sought_is_marked(text: str, words: tuple[str, ...], expected: str) -> None:
    assert "".join(f"<{p.text}>" if p.hit else p.text for p in pieces(text, words)) == expected


def test_a_long_text_is_shown_from_shortly_before_the_word() -> None:
    text = "word " * 50 + "here is Sari and more"
    shown = pieces(text, ("sari",), around=True)
    assert shown[0].text == "… "
    assert [piece.text for piece in shown if piece.hit] == ["Sari"]
    assert len("".join(piece.text for piece in shown)) < 100


@given(st.text(), st.lists(st.text(max_size=4), max_size=3))
def test_marking_loses_nothing(text: str, words: list[str]) -> None:
    folded = [word.casefold() for word in words]
    assert "".join(piece.text for piece in pieces(text, folded)) == text


def test_the_text_with_most_of_the_words_is_worth_showing() -> None:
    doc = card_doc(1, description="a big order", checklist=[{"id": 1, "text": "big box for Sari"}])
    assert where(doc, ("big", "sari")) == "big box for Sari"
    assert where(doc, ("nothing",)) == ""
    assert where(doc, ("called",), "they called") == "they called"
