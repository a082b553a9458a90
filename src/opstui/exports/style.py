"""Numbers in exports: exact decimals rounded half up, in one fixed style per language, whatever the machine's locale.

Screens use CLDR through `opstui.formats`; a file must come out byte for byte the same on every machine, so the few
rules it needs stand here (domain spec B.6).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from opstui.domain.model import exponent
from opstui.i18n import _

_SYMBOLS = {"IDR": "Rp"}


class Style(Struct, frozen=True):
    """How a language writes numbers."""

    thousands: str
    decimal: str

    def number(self, value: float | Decimal | None, places: int = 0) -> str:
        """1234.5 -> 1.234,5 (id), 1,234.5 (en); None is n/a."""
        if value is None:
            return _("n/a")
        exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        text = f"{exact + 0:,.{places}f}"
        return text.translate({ord(","): self.thousands, ord("."): self.decimal})

    def amount(self, minor: float | Decimal | None, currency: str) -> str:
        """Minor units without their currency: 12.500.000; for columns whose header names it."""
        places = exponent(currency)
        return self.number(None if minor is None else Decimal(str(minor)).scaleb(-places), places)

    def money(self, minor: float | Decimal | None, currency: str) -> str:
        """Minor units: Rp 12.500.000, USD 268,15."""
        return _("n/a") if minor is None else f"{symbol(currency)} {self.amount(minor, currency)}".strip()

    def percent(self, fraction: float | None, places: int = 1) -> str:
        """0.833 -> 83,3 %."""
        return _("n/a") if fraction is None else f"{self.number(Decimal(str(fraction)) * 100, places)} %"

    def change(self, fraction: float | None, places: int = 1) -> str:
        """0.085 -> +8,5 %."""
        text = self.percent(fraction, places)
        return f"+{text}" if fraction is not None and fraction > 0 else text


def symbol(currency: str) -> str:
    """Rp for the rupiah, else the code: unmistakable in a file that travels."""
    return _SYMBOLS.get(currency, currency)


STYLES = {"id": Style(".", ","), "en": Style(",", ".")}


def style_of(locale: str) -> Style:
    """The style of a locale; languages without one of their own are written the English way."""
    return STYLES.get(locale.split("_", maxsplit=1)[0].split("-", maxsplit=1)[0], STYLES["en"])


def plain_number(minor: float | None, currency: str) -> Decimal | None:
    """Minor units as a number of major ones, for programs."""
    if minor is None:
        return None
    exact = Decimal(str(minor)).scaleb(-exponent(currency))
    return exact.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)
