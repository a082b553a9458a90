"""No mask lets through what it hides, whatever a person typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.exports import masking

LONG = re.compile(r"\d{5,}")
TYPED = st.text(st.sampled_from("0123456789+- .()x@ab"), max_size=24)


@given(TYPED)
def test_no_mask_leaves_more_than_four_digits_in_a_row(typed: str) -> None:
    for mask in (masking.mask_phone, masking.mask_id, masking.mask_account):
        assert not LONG.search(mask(typed))


@given(st.from_regex(r"08\d{2}[ -]?\d{4}[ -]?\d{3,5}", fullmatch=True), st.sampled_from(["call {}", "{} or", "({})"]))
def test_no_phone_number_is_left_in_a_text(number: str, said: str) -> None:
    assert not re.search(r"\d", masking.mask_text(said.format(number)))


@given(st.text(max_size=20))
def test_a_masked_name_is_masked_once(name: str) -> None:
    once = masking.mask_name(name)
    assert masking.mask_name(once) == once


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        pytest.param("+65 9123 4567", "+65******4567", id="another country"),
        pytest.param("+14155550100", "+******0100", id="a country that cannot be told apart"),
        pytest.param("(021) 555-01234", "0******1234", id="a landline"),
        pytest.param("", "", id="nothing"),
        pytest.param("ask at the door", "****", id="no number"),
    ],
)
def test_phones(number: str, masked: str) -> None:
    assert masking.mask_phone(number) == masked


def test_what_is_short_or_missing_is_hidden_whole_or_stays_empty() -> None:
    assert masking.mask_id("327301") == "********"
    assert masking.mask_account("1234") == "********"
    assert masking.mask_account("1234567890") == "********7890"
    assert masking.mask_id(" ") == masking.mask_account("") == masking.mask_email("") == ""
    assert masking.mask_address("", "Bandung") == "Bandung"
