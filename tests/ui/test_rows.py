"""Rows of forms made from fields: what is said of what was typed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from opstui.typed import Here
from opstui.ui.offers import Source, among
from opstui.ui.rows import one_row
from ui.page import NOON

HERE = Here(NOON, ZoneInfo("Asia/Jakarta"), "IDR", ".")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("rina", ""),
        ("Rina", ""),
        ("", ""),
        ("ghost", "nobody here is called ghost; it is kept as a name"),
        ("1,9jt", "nobody here is called 1,9jt; it is kept as a name"),
    ],
)
def test_an_owner_who_is_no_member_is_told(typed: str, said: str) -> None:
    row = one_row("order", "owner", {}, HERE, Source(among(["rina", "budi"]), closed=True))
    assert row.echo(typed) == said
    assert row.read(typed) == typed


@pytest.mark.parametrize("thousands", [".", ","])
@pytest.mark.parametrize(("kind", "name"), [("order", "total"), ("campaign", "budget")])
def test_the_example_of_an_amount_is_written_as_here_and_can_be_typed(kind: str, name: str, thousands: str) -> None:
    row = one_row(kind, name, {}, replace(HERE, thousands=thousands))
    whole, short = row.hint.split(" or ")
    assert whole == f"1{thousands}900{thousands}000"
    assert row.read(whole) == row.read(short) == 1_900_000
