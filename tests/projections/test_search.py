"""A search finds the same whatever the steps it is done in, and whatever changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import Tables, board_of, card_doc
from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.model import Doc
from opstui.projections import search as module
from opstui.projections.board import board_view
from opstui.projections.filter import FilterContext, parse
from opstui.projections.search import Search

ORDERS = board_of("orders")
HERE = FilterContext(today=date(2026, 9, 21), zone=ZoneInfo("Asia/Jakarta"), me="rina", boards=DEFAULT_BOARDS)
QUERIES = ("sari", "owner:me", "sari owner:budi", "is:late", "-owner:rina", "tag:vip", "customer:sari")


def card(number: int, owner: str, title: str, stage: str) -> Doc:
    return card_doc(number, title=title, owner=owner, stage=stage, due=f"2026-09-{number % 28 + 1:02}", tags=["vip"])


CARD = st.tuples(st.sampled_from(["rina", "budi", ""]), st.sampled_from(["Sari", "Toko"]), st.sampled_from("ab"))


def docs(drawn: list[tuple[str, str, str]]) -> dict[int, Doc]:
    stages = {"a": "new", "b": "payment"}
    return {n: card(n, owner, title, stages[stage]) for n, (owner, title, stage) in enumerate(drawn, 1)}


def every(steps: int) -> Callable[[], bool]:
    """Enough after so many looks."""
    left = iter(range(steps))
    return lambda: next(left, None) is None


@pytest.mark.parametrize("route", ["whole", "narrowed", "begun and narrowed", "scanned"])
@pytest.mark.parametrize("query", QUERIES)
@given(drawn=st.lists(CARD, max_size=60), changed=st.dictionaries(st.integers(1, 60), CARD, max_size=5))
def test_every_route_finds_what_the_filter_lets_through(
    route: str, query: str, drawn: list[tuple[str, str, str]], changed: dict[int, tuple[str, str, str]]
) -> None:
    tables = Tables(cards=docs(drawn))
    lanes = [tables.lane("orders", stage.id) for stage in ORDERS.stages]
    keep = parse(query, HERE)
    search = Search(tables, keep, lanes)
    search.go_on(every(0))
    new = {n: doc for n, doc in docs([changed.get(n, ("", "", "a")) for n in range(1, 61)]).items() if n in changed}
    new = {n: doc for n, doc in new.items() if n in tables.tables["cards"]}
    tables.tables["cards"].update(new)
    search.again(new)
    if route == "whole":
        search.begin(every(0))
    elif route.endswith("narrowed") and search.words and not search.settled:
        if route.startswith("begun"):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(module, "QUICK", -1)
                search.begin(every(0))
        if not search.settled:
            search.narrow(tables.search(search.words))
    elif not search.settled:
        search.scan()
    while not search.settled:
        search.go_on(every(1))
    wanted = {n for n, doc in tables.tables["cards"].items() if keep(doc)}
    assert {n for lane in lanes for n in search.of(lane)} == wanted & {n for lane in lanes for n in lane}


@pytest.mark.parametrize("query", QUERIES)
@given(
    drawn=st.lists(CARD, max_size=60), looks=st.integers(0, 4), then=st.sampled_from(["", "go on", "scan", "change"])
)
def test_at_every_moment_a_lane_has_all_that_was_found_in_it(
    query: str, drawn: list[tuple[str, str, str]], looks: int, then: str
) -> None:
    tables = Tables(cards=docs(drawn))
    lanes = [tables.lane("orders", stage.id) for stage in ORDERS.stages]
    search = Search(tables, parse(query, HERE), lanes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "QUICK", 20)
        patch.setattr(module, "CHUNK", 5)
        search.begin(every(looks))
        if then == "scan" and not search.settled:
            search.scan()
            search.go_on(every(1))
        elif then == "go on":
            search.go_on(every(1))
        elif then == "change" and drawn:
            tables.tables["cards"][len(drawn)] = card(len(drawn), "rina", "Sari", "new")
            search.again([len(drawn)])
    for lane in lanes:
        assert search.of(lane) == tuple(card for card in lane if card in search.found)


def test_until_it_is_settled_a_lane_says_so_and_has_no_sum() -> None:
    tables = Tables(cards={n: card_doc(n, owner="rina", total=1000, currency="IDR") for n in range(1, 100)})
    search = Search(tables, parse("is:open", HERE), [tables.lane("orders", "new")])
    search.begin(every(0))
    lane = board_view(tables, ORDERS, search).lanes[0]
    assert (len(lane.ids), lane.total, lane.settled, lane.sums) == (module.CHUNK, 99, False, ())
    search.go_on(lambda: False)
    lane = board_view(tables, ORDERS, search).lanes[0]
    assert (len(lane.ids), lane.settled, [money.amount for money in lane.sums]) == (99, True, [99_000])


def test_a_card_that_changed_later_is_looked_at_by_itself() -> None:
    tables = Tables(cards={1: card_doc(1, owner="rina"), 2: card_doc(2, owner="budi")})
    search = Search(tables, parse("owner:rina", HERE), [tables.lane("orders", "new")])
    search.begin(lambda: False)
    tables.tables["cards"] |= {1: card_doc(1, owner="budi"), 2: card_doc(2, owner="rina")}
    search.again([1, 2, 99])
    assert search.found == {2}


@pytest.mark.parametrize(
    ("query", "hints"),
    [
        ("owner:Rina", ("rina",)),
        ("owner:me", ("rina",)),
        ("is:mine", ("rina",)),
        ("owner:none", ()),
        ("-owner:rina", ()),
        ("owner:rina,budi", ()),
        ('customer:"Bu Ratna"', ("bu ratna",)),
        ("tag:vip ref:ord-0001", ("vip", "ord-0001")),
        ("due:today", ()),
    ],
)
def test_words_that_every_card_found_must_have_are_known(query: str, hints: tuple[str, ...]) -> None:
    assert parse(query, HERE).hints == hints


def test_a_look_at_the_clock_comes_in_time_where_hardly_any_card_has_the_words() -> None:
    tables = Tables(cards={n: card_doc(n, owner="rina") for n in range(1, 1001)})
    search = Search(tables, parse("owner:nobody", HERE), [tables.lane("orders", "new")])
    search.narrow(frozenset())
    asked = iter(range(1000))
    search.go_on(lambda: next(asked) < 0)
    assert next(asked) == 1000 // module.CHUNK
