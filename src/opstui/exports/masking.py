"""Personal data in exports is masked: names to initials, phone numbers, e-mail addresses and ids in free text to words.

A file travels further than a screen (domain spec D.6).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from opstui.domain.model import clean

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ID = re.compile(r"(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)")
_PHONE = re.compile(r"(?<![\w:.,/-])(?:\+\d{1,3}[ -]?|62|0)\d{2,4}(?:[ -]?\d{2,5}){1,3}(?![\w-])")
_SHORTEST_PHONE = 8


def mask_name(name: str) -> str:
    """Siti Rahmawati -> S*** R***."""
    return " ".join(f"{word[0]}***" for word in name.split())


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """Free text without phone numbers, e-mail addresses, 16-digit ids and these names of people."""
    text = _EMAIL.sub("[email]", clean(text))
    text = _PHONE.sub(_phone, _ID.sub("[id]", text))
    for name in names:
        whole = rf"(?<!\w){re.escape(name)}(?!\w)"
        text = re.sub(whole, lambda found: mask_name(found[0]), text, flags=re.IGNORECASE)
    return text


def _phone(found: re.Match[str]) -> str:
    return "[phone]" if sum(c.isdigit() for c in found[0]) >= _SHORTEST_PHONE else found[0]
