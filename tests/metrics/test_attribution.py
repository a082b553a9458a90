"""Laws of credit: nothing is lost, nothing is given twice, whatever the paths look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.metrics import attribution as at
from opstui.metrics.attribution import Path, Touch

TOUCHES = st.lists(st.builds(Touch, st.sampled_from("abcd"), st.integers(-2, 40)), max_size=5).map(tuple)
PATHS = st.lists(st.builds(Path, TOUCHES, st.integers(0, 10**9), st.booleans()), max_size=12)


@given(PATHS, st.sampled_from(sorted(at.RULES)))
def test_every_model_gives_away_the_whole_revenue(paths: list[Path], model: str) -> None:
    total = sum(path.value for path in paths if path.converted)
    found = at.attribute(paths, model)
    assert sum(found.values()) == pytest.approx(total)
    assert all(amount >= 0 for amount in found.values())


@given(PATHS)
def test_all_models_add_up_to_the_last_unit(paths: list[Path]) -> None:
    many = paths * 30
    total = sum(path.value for path in many if path.converted)
    for credit in at.side_by_side(many).values():
        assert sum(credit.values()) == (total if credit else 0)


@given(st.dictionaries(st.text(max_size=3), st.floats(-1e9, 1e9), min_size=1, max_size=6))
def test_rounding_moves_nobody_by_more_than_one(shares: dict[str, float]) -> None:
    total = round(sum(shares.values()))
    found = at.to_the_unit(shares, total)
    assert sum(found.values()) == total
    assert all(abs(found[name] - amount) <= 1.01 for name, amount in shares.items())


@given(PATHS)
def test_markov_shares_are_shares_and_do_not_mind_the_order(paths: list[Path]) -> None:
    found, again = at.markov(paths), at.markov(list(reversed(paths)))
    if found is None:
        assert again is None
        return
    assert again is not None
    assert sum(found.shares.values()) == pytest.approx(1)
    assert all(-1e-9 <= effect <= 1 + 1e-9 for effect in found.removal.values())
    assert found.shares == pytest.approx(again.shares)
    assert sum(found.credited.values()) == pytest.approx(found.conversions)


def test_what_no_touch_led_to_is_said_and_not_lost() -> None:
    late = Path((Touch("a", 31), Touch("b", -1)), 500)
    assert at.attribute([late, Path((Touch("a", 1),), 200)], "linear") == {at.UNKNOWN: 500, "a": 200}
    assert at.side_by_side([late] * 3)["last"] == {at.UNKNOWN: 1500}
    assert at.markov([late]) is None


@pytest.mark.parametrize(
    ("touches", "credit"),
    [
        pytest.param("a", {"a": 100}, id="one"),
        pytest.param("ab", {"a": 50, "b": 50}, id="two"),
        pytest.param("abc", {"a": 40, "b": 20, "c": 40}, id="three"),
        pytest.param("abca", {"a": 80, "b": 10, "c": 10}, id="a channel twice"),
    ],
)
def test_position(touches: str, credit: dict[str, float]) -> None:
    assert at.attribute([Path(tuple(map(Touch, touches)), 100)], "position") == pytest.approx(credit)


def test_markov_is_shown_from_a_hundred_conversions_on() -> None:
    path = Path((Touch("a"), Touch("b")), 10)
    assert "markov" not in at.side_by_side([path] * 99)
    assert at.side_by_side([path] * 100)["markov"] == {"a": 500, "b": 500}


def test_the_spread_is_the_least_and_the_most_of_any_model() -> None:
    models = at.side_by_side([Path((Touch("a", 9), Touch("b", 2), Touch("c")), 100)])
    assert at.spread(models) == {"a": (0, 100), "b": (0, 37), "c": (0, 100)}
    assert at.spread({}) == {}


def test_a_long_path_through_many_channels_is_solved() -> None:
    names = [f"c{n}" for n in range(60)]
    found = at.markov([Path(tuple(map(Touch, names))), Path(tuple(map(Touch, reversed(names))), converted=False)])
    assert found is not None
    assert found.base == pytest.approx(0.5)
