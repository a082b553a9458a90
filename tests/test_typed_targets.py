"""Targets as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.typed.targets import shown_target, typed_target


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("", "cards", None),
        (" none ", "fraction", None),
        ("3", "cards", 3),
        ("95%", "fraction", 0.95),
        ("95 %", "fraction", 0.95),
        ("0,95", "fraction", 0.95),
        ("36", "hours", 36),
        ("1.5 d", "hours", 36),
        ("90 min", "hours", 1.5),
        ("2h", "minutes", 120),
        ("30", "minutes", 30),
        ("2,5 jt", "money", 2_500_000),
        ("Rp 43.000", "money", 43_000),
        ("3.5", "ratio", 3.5),
        ("-10", "points", -10),
    ],
)
def test_what_can_be_typed(text: str, unit: str, value: float | None) -> None:
    assert typed_target(text, unit, "IDR") == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("95", "fraction"),
        ("-1%", "fraction"),
        ("soon", "hours"),
        ("3 weeks", "hours"),
        ("x", "money"),
        ("1 2", "cards"),
    ],
)
def test_what_cannot(text: str, unit: str) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        typed_target(text, unit, "IDR")


@given(
    st.sampled_from(["cards", "fraction", "hours", "minutes", "ratio"]),
    st.integers(0, 10_000).map(lambda n: n / 10_000),
)
def test_what_stands_in_the_field_can_be_typed_again(unit: str, value: float) -> None:
    assert typed_target(shown_target(value, unit), unit, "USD") == pytest.approx(value)
