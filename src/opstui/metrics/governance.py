"""What a shop depends on: people, vendors, tools, and who answers for what (spec C.5, D.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from opstui.metrics.marketing import ratio

KEY_PERSON, KEY_LEAST = 0.7, 10
TOP_VENDOR = 0.5
LETTERS = frozenset("RACI")


class KeyPerson(Struct, frozen=True):
    """Who did most of a stage's work, and the share of all of it (`n` cards)."""

    top: str
    share: float
    n: int

    @property
    def at_risk(self) -> bool:
        """The stage stops when this person is away: 70 % or more of at least ten cards."""
        return self.share >= KEY_PERSON and self.n >= KEY_LEAST


def key_person(finished_by: Mapping[str, int]) -> KeyPerson | None:
    """The largest share of cards that one person finished; equals by name. None when nobody finished any.

    Source: top / total ("bus factor"), spec C.5.
    """
    known = {name: n for name, n in finished_by.items() if n > 0}
    if not known:
        return None
    top = min(known, key=lambda name: (-known[name], name))
    return KeyPerson(top, known[top] / sum(known.values()), sum(known.values()))


class Concentration(Struct, frozen=True):
    """How much hangs on few vendors: Herfindahl index (1 / number of equals, up to 1) and the largest share."""

    hhi: float
    top: float

    @property
    def at_risk(self) -> bool:
        """More than half goes to one of them."""
        return self.top > TOP_VENDOR


def concentration(amounts: Sequence[float]) -> Concentration | None:
    """Of spend by vendor, as amounts of one currency or as shares; None without spend, or for a negative amount.

    Source: Herfindahl 1950, spec C.5.
    """
    whole = sum(amounts)
    if whole <= 0 or min(amounts) < 0:
        return None
    shares = [amount / whole for amount in amounts]
    return Concentration(sum(share**2 for share in shares), max(shares))


class Tool(Struct, frozen=True, kw_only=True):
    """What a tool costs, in one currency: every month, once, and in hours of work."""

    licence_per_month: float = 0
    once: float = 0
    admin_hours_per_month: float = 0
    hour_cost: float = 0

    def cost(self, months: float) -> float:
        """All it costs over so many months: licence, what is paid once, and the hours. Source: TCO, spec C.5."""
        return self.licence_per_month * months + self.once + self.admin_hours_per_month * self.hour_cost * months

    def per_month(self, months: float) -> float | None:
        """The same by month; None for no months."""
        return ratio(self.cost(months), months) if months > 0 else None


def raci(roles: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with one row of a RACI table (role -> letters, as A/R): nothing, or faults in English.

    Source: exactly one A and at least one R, spec D.5; one role with A/R is both.
    """
    letters = [[part.strip().upper() for part in cell.split("/") if part.strip()] for cell in roles.values()]
    every = [letter for cell in letters for letter in cell]
    accountable = sum("A" in cell for cell in letters)
    faults = [] if accountable == 1 else ["more than one A" if accountable else "no A"]
    faults += [] if "R" in every else ["no R"]
    return (*faults, *(f"not a letter of RACI: {letter}" for letter in dict.fromkeys(every) if letter not in LETTERS))
