"""What led to an order as people type it: "meta 2026-09-01; whatsapp", oldest first, and the way back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from opstui.domain.model import clean, clean_line
from opstui.i18n import _

_TOUCH = re.compile(r"([^;\n]{1,40}?)(?:\s+(\d{4}-\d{2}-\d{2}))?")


def typed_touches(text: str) -> list[dict[str, Any]]:
    """The channels a customer met before an order, parted by `;` or line ends, each with its day where it is known.

    Raises:
        ValueError: it cannot be read; it says what is expected.
    """
    return [_touch(clean_line(part)) for part in re.split(r"[;\n]", clean(text)) if part.strip()]


def _touch(text: str) -> dict[str, Any]:
    found = _TOUCH.fullmatch(text)
    reason = ValueError(_("what led to it reads: meta 2026-09-01; whatsapp"))
    if found is None:
        raise reason
    row: dict[str, Any] = {"channel": found[1].strip()}
    if found[2]:
        try:
            row["day"] = date.fromisoformat(found[2]).isoformat()
        except ValueError:
            raise reason from None
    return row


def touch_text(row: dict[str, Any]) -> str:
    """A touch, as a document has it, in the words `typed_touches` reads."""
    return " ".join(filter(None, (row["channel"], row.get("day"))))
