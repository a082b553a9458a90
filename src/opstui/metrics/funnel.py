"""From many to few: where do people leave? (spec C.5). The worst rate and the most people lost are two answers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from opstui.metrics.marketing import ratio

AARRR = ("acquisition", "activation", "retention", "referral", "revenue")
"""The usual order (McClure 2007); a shop may have another."""


class Step(Struct, frozen=True):
    """From one stage to the next. A rate above 1 cannot be: the figures are of different people or days."""

    start: str
    end: str
    rate: float | None
    lost: float

    @property
    def fault(self) -> bool:
        """More came out than went in."""
        return self.lost < 0


class Funnel(Struct, frozen=True):
    """`worst_rate` and `most_lost` name the stage that too few reach; None when nobody is lost anywhere."""

    steps: tuple[Step, ...]
    overall: float | None
    worst_rate: str | None
    most_lost: str | None

    @property
    def faults(self) -> tuple[str, ...]:
        """The stages with more people than the stage before."""
        return tuple(step.end for step in self.steps if step.fault)


def funnel(stages: Sequence[tuple[str, float]]) -> Funnel:
    """Rates and losses between (stage, people) in order; of equals the earlier is named.

    A stage after an empty one has no rate. Source: AARRR, McClure 2007; spec C.5.
    """
    steps = tuple(Step(a, b, ratio(after, before), before - after) for (a, before), (b, after) in pairwise(stages))
    losing = [step for step in steps if step.rate is not None and step.lost > 0]
    return Funnel(
        steps=steps,
        overall=ratio(stages[-1][1], stages[0][1]) if stages else None,
        worst_rate=min(losing, key=lambda step: step.rate or 0).end if losing else None,
        most_lost=max(losing, key=lambda step: step.lost).end if losing else None,
    )
