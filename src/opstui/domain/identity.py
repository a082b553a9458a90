"""Which orders are of one customer: by the surest thing that is known of them, since names are written in many ways.

The seller's own id is surest, then the phone, then the e-mail address; a name is the last resort. Two keys that may be
one person are never joined by guessing: that is for a person to decide.
"""

from __future__ import annotations

import re
from typing import Any

from opstui.domain.model import Doc, clean_line

PERSONAL: dict[str, str] = {"customer": "name", "phone": "phone", "email": "email", "buyer": "id"}
"""Field -> what kind of personal data stands in it: how it is masked, and what an erasure must reach."""
REACHING = frozenset(PERSONAL) - {"customer"}
"""What leads to a person: it stands on the open card, and is no way to sort or show many."""
_HOME = "62"
"""What a leading 0 stands for (the shops are Indonesian)."""
_SHORTEST = 8


def phone_key(text: str) -> str:
    """A number as it is dialled from abroad: 0812-3456-7890 and +62 812 3456 7890 are one; "" for what is no number."""
    digits = re.sub(r"\D", "", text)
    if len(digits) < _SHORTEST:
        return ""
    if text.strip().startswith("+"):
        return digits
    if digits.startswith("00"):
        return digits[2:]
    return _HOME + digits[1:] if digits.startswith("0") else digits


def email_key(text: str) -> str:
    """An address in small letters; "" for what is none."""
    address = clean_line(text).casefold()
    return address if re.fullmatch(r"[^@\s]+@[^@\s]+", address) else ""


def buyer_key(doc: Doc) -> str:
    """What stands for the customer of an order: the same text for all their orders, "" where nobody is named."""
    ways: tuple[tuple[str, Any], ...] = (
        ("id", lambda: clean_line(str(doc.get("buyer") or "")).casefold()),
        ("phone", lambda: phone_key(str(doc.get("phone") or ""))),
        ("email", lambda: email_key(str(doc.get("email") or ""))),
        ("name", lambda: " ".join(str(doc.get("customer") or "").casefold().split())),
    )
    return next((f"{way}:{key}" for way, read in ways if (key := read())), "")
