"""What to do first: scores of ideas (spec C.5). A score orders a list, it measures nothing."""

from __future__ import annotations

from opstui.metrics.marketing import ratio


def rice(reach: float, impact: float, confidence: float, effort: float) -> float | None:
    """Reach (people per period) * impact * confidence (0 to 1) / effort (person-months); None without effort.

    Source: Intercom (McBride 2016), spec C.5.
    """
    return ratio(reach * impact * confidence, effort) if effort > 0 else None


def ice(impact: float, confidence: float, ease: float) -> float:
    """The mean of three marks on one scale. The mean, not the product: one mark of 0 does not end an idea.

    Source: Ellis 2017, spec C.5 (mean or product: the mean).
    """
    return (impact + confidence + ease) / 3


def wsjf(value: float, urgency: float, risk: float, size: float) -> float | None:
    """Cost of delay (value + urgency + risk reduced) over size, relative marks; None without a size.

    Source: Reinertsen 2009, SAFe; spec C.5.
    """
    return ratio(value + urgency + risk, size) if size > 0 else None
