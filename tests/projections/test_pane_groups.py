"""The order of the pane's groups: every group once, those first that a role looks at or a member chose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.projections.pane_groups import BY_ROLE, GROUPS, USUAL, group_of, group_order, in_order, put_first
from opstui.projections.tiles import ORDER
from ui.console import TILES


@pytest.mark.parametrize(
    ("role", "first", "order"),
    [
        ("owner", (), USUAL),
        ("unheard of", (), USUAL),
        ("content", (), ("campaigns", "owner", "feedback", "orders")),
        ("cs", (), ("feedback", "orders", "owner", "campaigns")),
        ("owner", ("campaigns",), ("campaigns", "owner", "feedback", "orders")),
        ("content", ("feedback", "orders"), ("feedback", "orders", "campaigns", "owner")),
        ("owner", ("no such group", "orders", "orders"), ("orders", "owner", "feedback", "campaigns")),
    ],
)
def test_orders(role: str, first: tuple[str, ...], order: tuple[str, ...]) -> None:
    assert group_order(role, first) == order


@given(st.sampled_from(["", *BY_ROLE]), st.lists(st.sampled_from(["", "x", *GROUPS])))
def test_every_group_stands_once_whatever_was_chosen(role: str, chosen: list[str]) -> None:
    first: tuple[str, ...] = ()
    for name in chosen:
        first = put_first(name, first)
        assert not name or first[0] == name
    assert sorted(group_order(role, first)) == sorted(GROUPS)
    last = next((name for name in reversed(chosen) if name in (*GROUPS, "")), "")
    assert group_order(role, first)[0] == (last or group_order(role)[0])


def test_a_shop_owner_sees_the_six_tiles_before_all_else() -> None:
    order = group_order("owner")
    assert {group_of(tile) for tile in TILES} == {"owner", "feedback"} == set(order[:2])
    assert {tile.id for tile in in_order(TILES, "owner", order)} == set(ORDER)


def test_tiles_follow_their_groups() -> None:
    found = [tile.id for tile in in_order(TILES, "cs", group_order("cs"))]
    assert found[:2] == ["open_tickets", "delayed"]
    assert in_order(TILES, "owner", group_order("owner", ("feedback",)))[0].id == "open_tickets"
