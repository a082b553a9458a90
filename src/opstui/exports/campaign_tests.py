"""A campaign's experiments in its post-mortem: nothing of a result before its time, and then all that it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opstui.exports import markdown as md
from opstui.exports.page import Page
from opstui.i18n import _
from opstui.projections.experiments import ArmRow, Result
from opstui.projections.postmortem import CampaignFacts

_LEAST_P = 0.001


def experiment(page: Page, facts: CampaignFacts) -> Sequence[str]:
    """Every test, an arm a row against the first; one that may not be told yet says how far it is."""
    if not facts.experiments:
        return []
    header = [
        _("Test"), _("Arm"), _("Sample"), _("Rate"), _("Difference and 95 % interval"), "p", _("Sample check"),
        _("Decision"),
    ]  # fmt: skip
    rows = [row for one in facts.experiments for row in _rows(page, one)]
    steps = [text for one in facts.experiments for text in _how_far(page, one)]
    return [md.table(header, rows, "llrrlr"), md.bullets(steps) if steps else ""]


def _rows(page: Page, one: Result) -> Iterator[list[str]]:
    name = _("{name} ({metric})").format(name=one.name, metric=one.metric) if one.metric else one.name
    check = "" if one.verdict.srm is None else _("fault") if one.verdict.srm.fault else _("ok")
    told = [row for row in one.rows[1:] if row.p is not None]
    for row in told:
        arm, sample, rate = _against(page, one.rows[0], row)
        yield [
            page.say(name),
            arm,
            sample,
            rate,
            _difference(page, one.rows[0], row),
            _p(page, row.p),
            check,
            page.say(one.title),
        ]
    if not told:
        arms = page.say(", ".join(row.label for row in one.rows))
        sample = " + ".join(page.style.number(row.people) for row in one.rows)
        yield [page.say(name), arms, sample, "", "", "", check, page.say(one.title)]


def _against(page: Page, first: ArmRow, row: ArmRow) -> tuple[str, str, str]:
    style = page.style
    return (
        page.say(_("{arm} against {first}").format(arm=row.label, first=first.label)),
        f"{style.number(first.people)} + {style.number(row.people)}",
        _("{rate} against {first}").format(rate=style.percent(row.rate, 2), first=style.percent(first.rate, 2)),
    )


def _difference(page: Page, first: ArmRow, row: ArmRow) -> str:
    """In percentage points: rate minus the first arm's, and where the interval ends."""
    if row.low is None or row.high is None or row.rate is None:
        return ""
    difference = row.rate - (first.rate or 0.0)
    low, high = (page.style.number(100 * end, 2) for end in (row.low, row.high))
    sign = "+" if difference > 0 else ""
    points = f"{sign}{page.style.number(100 * difference, 2)}"
    return _("{points} pp ({low} to {high})").format(points=points, low=low, high=high)


def _p(page: Page, p: float | None) -> str:
    if p is None:
        return ""
    return f"< {page.style.number(_LEAST_P, 3)}" if p < _LEAST_P else page.style.number(p, 3)


def _how_far(page: Page, one: Result) -> Iterator[str]:
    found = one.verdict
    if one.outcome == "running" and found.needed is not None:
        text = _("{name}: {people} of {needed} people in the smallest arm; nothing is told before that.")
        number = page.style.number
        yield text.format(name=page.say(one.name), people=number(found.people), needed=number(found.needed))
