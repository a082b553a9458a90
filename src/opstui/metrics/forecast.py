"""When so many cards will be done, and how many in so many days, from how many were done on each day lately.

Each coming day is taken to be like one of the past days, each as likely as the other (the bootstrap that Monte Carlo
forecasts draw from, Vacanti 2015); instead of drawing ten thousand times the chances are added up exactly, by
convolution, so that the same history always gives the same answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

LEAST_DAYS = 7
"""Past days without which no forecast is made."""
LONGEST = 3650
"""Days ahead that are looked at: what takes longer is no forecast."""
MOST = 2000
"""Cards beyond which no forecast is made: the chances would take too long to add up, and mean little."""


def why_not(history: Sequence[int]) -> str:
    """Why no forecast can be made: "few" days, or "idle" ones on which nothing was done; "" where one can."""
    if len(history) < LEAST_DAYS:
        return "few"
    return "" if any(count > 0 for count in history) else "idle"


def _shares(history: Sequence[int]) -> dict[int, float]:
    """Cards done in a day -> how likely that is."""
    return {count: n / len(history) for count, n in sorted(Counter(max(0, h) for h in history).items())}


def chances_when(history: Sequence[int], remaining: int) -> Iterator[float]:
    """The chance that `remaining` cards are done at the end of day 1, 2, 3 ... (exact convolution).

    Ends after `LONGEST` days. Without a forecast (see `why_not`), or for more than `MOST` cards, there is nothing.
    """
    if why_not(history) or remaining > MOST:
        return
    shares = _shares(history)
    open_chances = [1.0] + [0.0] * max(0, remaining - 1) if remaining > 0 else []
    done = 0.0 if remaining > 0 else 1.0
    for _day in range(LONGEST):
        after = [0.0] * len(open_chances)
        for so_far, chance in enumerate(open_chances):
            if not chance:
                continue
            for count, share in shares.items():
                if so_far + count >= remaining:
                    done += chance * share
                else:
                    after[so_far + count] += chance * share
        open_chances = after
        yield min(done, 1.0)


def when(history: Sequence[int], remaining: int, confidence: Sequence[float]) -> list[int] | None:
    """Whole days until `remaining` cards are done, for each chance (0 to 1); None where no forecast can be made.

    `history` holds the cards done on each past day, days with none too, without the day that is not over.
    """
    wanted, found = sorted(set(confidence)), dict[float, int]()
    for day, chance in enumerate(chances_when(history, remaining), 1):
        while wanted and chance >= wanted[0] - 1e-12:
            found[wanted.pop(0)] = day
        if not wanted:
            return [found[share] for share in confidence]
    return None


def chances_how_many(history: Sequence[int], days: int) -> list[float]:
    """The chance that at least 0, 1, 2 ... cards are done in so many days; empty where no forecast can be made."""
    if why_not(history) or days * max(history) > 10 * MOST:
        return []
    shares, sums = _shares(history), [1.0]
    for _day in range(days):
        after = [0.0] * (len(sums) + max(shares))
        for so_far, chance in enumerate(sums):
            for count, share in shares.items():
                after[so_far + count] += chance * share
        sums = after
    total, survival = 0.0, []
    for chance in reversed(sums):
        total += chance
        survival.append(min(total, 1.0))
    return survival[::-1]


def how_many(history: Sequence[int], days: int, confidence: Sequence[float]) -> list[int] | None:
    """Cards that are done at least in so many days, for each chance: the surer, the fewer. None without a forecast."""
    survival = chances_how_many(history, days)
    if not survival:
        return None
    return [max(n for n, chance in enumerate(survival) if chance >= share - 1e-12) for share in confidence]
