"""A filter that is being typed: what counts already, and what the last word still needs."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import board_of
from opstui.projections.filter import FilterContext
from opstui.projections.filter_offers import offer
from opstui.projections.filter_typing import SoFar, so_far

HERE = FilterContext(today=date(2026, 9, 21), zone=ZoneInfo("Asia/Jakarta"), me="rina", boards=(board_of("orders"),))


def typed(query: str) -> SoFar:
    return so_far(query, offer(query, HERE, ["budi", "rina"], ["vip"]).options)


@pytest.mark.parametrize(
    ("query", "ready", "needs"),
    [
        ("", "", ""),
        ("sari", "sari", ""),
        ("owner:", "", "me  none  budi  rina"),
        ("owner:r", "", "rina"),
        ("owner:rina", "owner:rina", ""),
        ("owner:RINA", "owner:RINA", ""),
        ("owner:somebody", "owner:somebody", ""),
        ("owner:rina,", "owner:rina,", "me  none  budi  rina"),
        ("owner:rina,b", "owner:rina,", "budi"),
        ("is:late owner:", "is:late ", "me  none  budi  rina"),
        ("sari -tag:", "sari ", "none  vip"),
        ("is:la", "", "late"),
        ("due:<", "", "today  tomorrow  yesterday  this-week  next-week  last-week  this-month  7d"),
        ("due:<tod", "", "today"),
        ("due:<today", "due:<today", ""),
        ("due:<2026-09-19", "due:<2026-09-19", ""),
        ("total:>", "", "go on, like total:>500000"),
        ("total:>5", "total:>5", ""),
        ("customer:", "", "customer: needs a value"),
        ("customer:s", "customer:s", ""),
        ("ownr:", "ownr:", ""),
        ('"owner:', '"owner:', ""),
        ("owner: sari", "owner: sari", ""),
    ],
)
def test_a_word_that_is_only_begun_does_not_filter(query: str, ready: str, needs: str) -> None:
    assert typed(query) == SoFar(ready, needs)


def test_a_word_that_may_become_a_key_gives_way_where_it_finds_nothing() -> None:
    assert typed("is:late own") == SoFar("is:late own", "", "is:late ", 'no card says "own"; go on for owner:')
    assert typed("o").spare is None
    assert typed("toko").spare is None


@given(st.text(max_size=20) | st.from_regex(r"[a-z]{2,8}:[<>=]{0,2}[a-z,]{0,4}", fullmatch=True))
def test_what_counts_is_a_beginning_of_what_is_typed(query: str) -> None:
    so = typed(query)
    assert query.startswith(so.ready)
    assert query.startswith(so.spare or "")
