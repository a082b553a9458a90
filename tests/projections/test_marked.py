"""What the marked cards come to: never two currencies together, and no walk where a lane's sum is known."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import pytest

from builders import Tables, board_of, card_doc
from opstui.domain.model import Money
from opstui.formats import Formats
from opstui.projections.board import Filter, board_view
from opstui.projections.marked import Marked, in_order, marked, told

FORMATS = Formats("en", "IDR", ZoneInfo("Asia/Jakarta"))
SHOP = Tables(
    cards={
        1: card_doc(1, total=100_000, currency="IDR", rank=3.0),
        2: card_doc(2, total=4000, currency="USD", rank=2.0),
        3: card_doc(3, stage="stock", total=50_000, currency="IDR", rank=1.0),
        4: card_doc(4, stage="stock", rank=2.0),
    }
)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (set(), Marked(0)),
        ({4}, Marked(1)),
        ({1}, Marked(1, 0, (Money(100_000, "IDR"),))),
        ({1, 2}, Marked(2, 0, (Money(100_000, "IDR"), Money(4000, "USD")))),
        ({1, 3}, Marked(2, 0, (Money(150_000, "IDR"),))),
        ({1, 2, 3, 4}, Marked(4, 0, (Money(150_000, "IDR"), Money(4000, "USD")))),
    ],
)
def test_the_figures_of_a_selection(selection: set[int], expected: Marked) -> None:
    assert marked(SHOP, board_view(SHOP, board_of("orders")), selection) == expected


def test_what_a_filter_hides_is_counted_and_still_added_up() -> None:
    view = board_view(SHOP, board_of("orders"), Filter((), lambda doc: doc["stage"] == "stock"))
    assert marked(SHOP, view, {1, 3, 4}) == Marked(3, 1, (Money(150_000, "IDR"),))


def test_marking_everything_reads_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    view = board_view(SHOP, board_of("orders"))

    def sums_of(cards: Iterable[int]) -> dict[str, int]:
        asked.extend(cards)
        return {}

    monkeypatch.setattr(SHOP, "sums_of", sums_of)
    assert marked(SHOP, view, {1, 2, 3, 4}).count == 4
    assert asked == []


def test_in_words() -> None:
    assert told(Marked(0), FORMATS) == ""
    assert told(Marked(1234), FORMATS) == "1,234 selected"
    words = told(Marked(3, 2, (Money(4_100_000, "IDR"), Money(4000, "USD"))), FORMATS)
    assert words == "3 selected, 2 not shown · Rp 4.1M + $40.00"


def test_cards_in_the_order_of_the_board_those_not_shown_last() -> None:
    view = board_view(SHOP, board_of("orders"))
    assert in_order(view, {1, 2, 3, 4}) == [2, 1, 3, 4]
    assert in_order(view, {9, 3, 8}) == [3, 8, 9]
    assert in_order(None, {2, 1}) == [1, 2]
