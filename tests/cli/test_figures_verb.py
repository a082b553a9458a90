"""Daily figures on the command line: written down, replaced, listed, undone; and movements of stock taken back."""

from __future__ import annotations

import pytest

from cli.calls import Opstui


def test_a_day_is_typed_listed_replaced_and_undone(opstui: Opstui) -> None:
    opstui("card", "add", "campaigns", "Payday")
    first = opstui("figures", "add", "cmp-0001", "--day", "yesterday", "--channel", "meta", "--spend", "1,5 jt",
                   "--clicks", "1.200")  # fmt: skip
    assert first.code == 0
    assert "CMP-0001: figures of" in first.err
    assert first.err.rstrip().endswith("meta kept")
    (row,) = opstui("figures", "list", "CMP-0001", "--json").json["figures"]
    assert (row["spend"], row["clicks"], row["currency"]) == (1_500_000, 1200, "IDR")
    again = opstui("figures", "add", "CMP-0001", "--day", "yesterday", "--channel", "Meta", "--spend", "2jt")
    assert "replaced; `opstui card undo` brings the old ones back" in again.err
    assert "2,000,000" in opstui("figures", "list", "CMP-0001").out
    same = opstui("figures", "add", "CMP-0001", "--day", "yesterday", "--channel", "Meta", "--spend", "2jt")
    assert (same.code, same.err) == (0, "CMP-0001: that is what stands there already\n")
    assert opstui("card", "undo").err.startswith(f"undone: daily figures of CMP-0001 ({row['day']})")
    assert opstui("figures", "list", "CMP-0001", "--json").json["figures"] == [row]
    opstui("card", "undo")
    assert opstui("figures", "list", "CMP-0001").code == 1
    opstui("card", "redo")
    assert opstui("figures", "list", "CMP-0001", "--json").json["figures"] == [row]


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("--spend", "much"), 2, "--spend: not an amount"),
        (("--spend", "1", "--day", "someday"), 2, "--day: not a day"),
        (("--spend", "1", "--day", "tomorrow"), 1, "still to come"),
        ((), 1, "at least one figure"),
        (("--clicks", "7", "--impressions", "5"), 1, "cannot be more"),
    ],
)
def test_what_cannot_be_is_told(opstui: Opstui, words: tuple[str, ...], code: int, reason: str) -> None:
    opstui("card", "add", "campaigns", "Payday")
    answer = opstui("figures", "add", "CMP-0001", "--channel", "meta", *words)
    assert answer.code == code
    assert reason in answer.err


def test_a_movement_of_stock_is_taken_back_by_its_opposite(opstui: Opstui) -> None:
    opstui("stock", "product", "GAYO", "--minimum", "3")
    said = opstui("stock", "move", "GAYO", "in", "10").err
    assert said == "GAYO: 10 on hand, 10 left; `opstui card undo` writes the opposite\n"
    opstui("stock", "move", "GAYO", "out", "4")
    assert opstui("card", "undo").err.startswith("undone: a movement of GAYO")
    assert opstui("stock", "list", "--json").json["products"][0]["on_hand"] == 10
    assert opstui("card", "redo").err == "done again: a movement of GAYO\n"
    assert opstui("stock", "list", "--json").json["products"][0]["on_hand"] == 6
