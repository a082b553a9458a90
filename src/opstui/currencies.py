"""Which codes are money: asked where a person names one, never where a workspace that has it is read.

Babel knows them all; it is loaded for the uncommon ones only.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from operator import eq

from opstui.i18n import _

COMMON = ("IDR", "USD", "EUR", "SGD", "MYR", "JPY", "GBP", "AUD", "INR", "PHP", "THB", "VND")
"""Those that are offered first."""
LONGEST = 4
"""Letters up to which somebody meant a code, and no name."""
_NO_MONEY = ("XXX", "XTS")
"""ISO 4217 codes for no currency at all, and for tests."""


def objection(code: str) -> str:
    """Why this is no currency, with the nearest that is one; "" for an ISO 4217 code, one of the past too."""
    if code in COMMON:
        return ""
    from babel.numbers import is_currency  # noqa: PLC0415

    if re.fullmatch("[A-Z]{3}", code) and is_currency(code) and code not in _NO_MONEY:
        return ""
    if len(code) <= LONGEST and (near := _nearest(code.upper())):
        return _("'{code}' is no currency; did you mean {near}?").format(code=code[:10], near=near)
    return _("'{code}' is no ISO 4217 code like IDR").format(code=code[:10])


def _nearest(code: str) -> str:
    """The currency in use that reads most like it; of equals one that is offered first."""
    from babel.core import get_global  # noqa: PLC0415 - as above

    spent = (row for rows in get_global("territory_currencies").values() for row in rows)
    used = {name for name, _since, until, tender in spent if tender and not until}
    near = get_close_matches(code, [*COMMON, *used.difference(COMMON)], 20)
    return max(near, key=lambda name: (sum(map(eq, name, code)) + (name in COMMON), name in COMMON, name), default="")
