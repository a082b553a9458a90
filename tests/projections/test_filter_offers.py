"""What is offered while a filter is typed: keys from two letters on, and the values of a key."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import Tables, board_of
from opstui.projections.buyers import buyers
from opstui.projections.filter import FilterContext, parse
from opstui.projections.filter_keys import KEYS
from opstui.projections.filter_offers import offer

TODAY, JAKARTA = date(2026, 9, 21), ZoneInfo("Asia/Jakarta")
HERE = FilterContext(
    today=TODAY,
    zone=JAKARTA,
    me="rina",
    boards=(board_of("orders"),),
    bought=lambda: buyers(Tables(), [board_of("orders")], JAKARTA, TODAY),
    counted=lambda _board, _what, _first, _last: (),
)


@pytest.mark.parametrize(
    ("query", "stem", "options"),
    [
        ("", "", ()),
        ("o", "", ()),
        ("ow", "", ("owner:",)),
        ("OW", "", ("owner:",)),
        ("sari ow", "sari ", ("owner:",)),
        ("-ow", "-", ("owner:",)),
        ("sari ", "sari ", ()),
        ("owner:", "owner:", ("me", "none", "budi", "rina")),
        ("owner:r", "owner:", ("rina",)),
        ("owner:rina,b", "owner:rina,", ("budi",)),
        ("sari owner:R", "sari owner:", ("rina",)),
        ("is:b", "is:", ("blocked",)),
        ("stage:pa", "stage:", ("payment",)),
        ("priority:u", "priority:", ("urgent",)),
        ("due:tod", "due:", ("today",)),
        ("tag:v", "tag:", ("vip",)),
        ("nokey:x", "nokey:", ()),
        ("customer:s", "customer:", ()),
        ('"two wo', '"two ', ()),
    ],
)
def test_what_may_come_next(query: str, stem: str, options: tuple[str, ...]) -> None:
    found = offer(query, HERE, ["budi", "rina"], ["vip"])
    if options or query in ("", "o"):
        assert found.stem == stem
    assert found.options == options


@pytest.mark.parametrize(
    ("query", "wholes"), [("@", ("@late", '@"my late"')), ("sari @m", ('sari @"my late"',)), ("a@l", ()), ("@x", ())]
)
def test_saved_filters_are_offered_by_name(query: str, wholes: tuple[str, ...]) -> None:
    assert offer(query, HERE, saved=["late", "my late"]).wholes == wholes


@given(st.text(max_size=20) | st.sampled_from([f"{key}:" for key in KEYS]))
def test_every_offer_begins_as_it_was_typed_and_offered_values_are_understood(query: str) -> None:
    found = offer(query, HERE, ["budi"])
    assert query.startswith(found.stem)
    typed = query[len(found.stem) :].casefold()
    for option, whole in zip(found.options, found.wholes, strict=True):
        assert option.casefold().startswith(typed)
        if not option.endswith(":") and found.stem.count(":") == 1 and " " not in found.stem and "," not in found.stem:
            parse(whole.lstrip("-"), HERE)
