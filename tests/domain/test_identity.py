"""Whose order it is: the surest thing that is known, however it was written."""

from __future__ import annotations

import pytest

from opstui.domain.identity import PERSONAL, buyer_key, email_key, phone_key
from opstui.domain.model import SPECIFIC
from opstui.exports.masking import MASKS, masked


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("0812-3456-7890", "6281234567890"),
        ("+62 812 3456 7890", "6281234567890"),
        ("62 812 3456 7890", "6281234567890"),
        ("0062 812 3456 7890", "6281234567890"),
        ("+65 9123 4567", "6591234567"),
        ("123", ""),
        ("none", ""),
        ("", ""),
    ],
)
def test_a_phone_is_one_number_however_it_is_written(text: str, key: str) -> None:
    assert phone_key(text) == key


@pytest.mark.parametrize(
    ("text", "key"), [(" Siti@Mail.ID ", "siti@mail.id"), ("siti at mail", ""), ("@", ""), ("a@b@c", "")]
)
def test_an_address_is_one_in_small_letters(text: str, key: str) -> None:
    assert email_key(text) == key


@pytest.mark.parametrize(
    ("doc", "key"),
    [
        ({"buyer": "X1", "phone": "08123456789", "customer": "S"}, "id:x1"),
        ({"phone": "08123456789", "email": "a@b", "customer": "S"}, "phone:628123456789"),
        ({"phone": "-", "email": "A@b", "customer": "S"}, "email:a@b"),
        ({"customer": " Siti   R. "}, "name:siti r."),
        ({"customer": "  "}, ""),
        ({}, ""),
    ],
)
def test_the_surest_way_counts(doc: dict[str, str], key: str) -> None:
    assert buyer_key(doc) == key


def test_every_personal_field_is_a_field_and_has_a_mask() -> None:
    assert set(PERSONAL) <= {field.name for field in SPECIFIC["order"]}
    for name, kind in PERSONAL.items():
        assert kind in MASKS
        assert "siti@mail.id 081234567890" not in masked(name, "siti@mail.id 081234567890")
