"""Personal data in exports is masked: names to initials, phone numbers, e-mail addresses and ids in free text to words.

A file travels further than a screen (domain spec D.6).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from opstui.domain.identity import PERSONAL
from opstui.domain.model import clean

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ID = re.compile(r"(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)")
_PHONE = re.compile(r"(?<![\w:.,/-])(?:\+\d{1,3}[ -]?|62|0)\d{2,4}(?:[ -]?\d{2,5}){1,3}(?![\w-])")
_SHORTEST_PHONE = 8
_SHORTEST_ID = 12


def mask_name(name: str) -> str:
    """Siti Rahmawati -> S*** R***."""
    return " ".join(f"{word[0]}***" for word in name.split())


def mask_phone(number: str) -> str:
    """+62 812-3456-7890 -> +62******7890: the country or the leading 0, six stars, the last four digits.

    A country code is known by a space or a dash behind it, or as 62. What is too short to hide anything in is ****.
    """
    digits = "".join(c for c in number if c.isdecimal() and c.isascii())
    if len(digits) < _SHORTEST_PHONE:
        return "****" if number.strip() else ""
    country = re.match(r"\s*\+(\d{1,3})[ -]", number)
    if digits.startswith("62"):
        front = "+62"
    elif country:
        front = f"+{country[1]}"
    else:
        front = "+" if number.strip().startswith("+") else "0" if digits.startswith("0") else ""
    return f"{front}******{digits[-4:]}"


def mask_email(address: str) -> str:
    """siti.r@example.co.id -> s***@example.co.id; what is no address is ***."""
    if not _EMAIL.fullmatch(address.strip()):
        return "***" if address.strip() else ""
    name, _at, domain = address.strip().partition("@")
    return f"{name[0]}***@{domain}" if len(name) > 1 else f"*@{domain}"


def mask_address(street: str, city: str) -> str:
    """Where somebody lives, down to the city."""
    return ", ".join(part for part in ("[address]" if street.strip() else "", city.strip()) if part)


def mask_id(number: str) -> str:
    """3273014501900001 -> 3273********0001; a number too short for that is all stars."""
    digits = "".join(number.split())
    return f"{digits[:4]}********{digits[-4:]}" if len(digits) > _SHORTEST_ID else "********" if digits else ""


def mask_account(number: str) -> str:
    """A bank account or a card: its last four digits, when there are more than four."""
    digits = "".join(number.split())
    return f"********{digits[-4:]}" if len(digits) > _SHORTEST_PHONE else "********" if digits else ""


MASKS: dict[str, Callable[[str], str]] = {
    "name": mask_name,
    "phone": mask_phone,
    "email": mask_email,
    "id": mask_account,
}
"""Kind of personal data -> how it is masked."""


def masked(field: str, text: str) -> str:
    """The text of a field of `PERSONAL`, masked as its kind asks."""
    return MASKS[PERSONAL[field]](text)


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
