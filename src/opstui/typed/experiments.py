"""Experiments as people type them, one a line, and the way back: what is shown anywhere can be typed in again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from opstui.domain.model import clean, clean_line
from opstui.i18n import _

_COUNT = r"\d{1,3}(?:[.,]\d{3})+|\d{1,12}"
_ARM = re.compile(rf"\s*([^,:;=/]{{1,40}}?)\s+({_COUNT})\s*/\s*({_COUNT})\s*(?:,|$)")
_PLAN = re.compile(r"\b(n|lift|from|to)=(\S+)")
_HEAD = re.compile(r"([^()]{1,60}?)\s*(?:\(([^()]{1,60})\))?")
_FIELDS = (("n", "planned"), ("lift", "lift"), ("from", "starts"), ("to", "ends"))
"""What is written of the plan, and the field it is in."""


def typed_experiments(text: str) -> list[dict[str, Any]]:
    """Tests of a campaign: "button (orders): old 500/10000, new 560/10000 n=10000 from=2026-09-01 to=2026-09-14".

    What is measured stands in brackets. An arm is its name, how many did what was hoped for, of how many people; the
    first is what there was before. `lift=0.1` is the least one worth seeing.

    Raises:
        ValueError: it cannot be read; it says what is expected.
    """
    return [_experiment(part) for part in (part.strip() for part in re.split(r"[;\n]", clean(text))) if part]


def _experiment(text: str) -> dict[str, Any]:
    name, _colon, rest = text.partition(":")
    head = _HEAD.fullmatch(clean_line(name))
    arms = list(_arms(_PLAN.sub("", rest).strip().rstrip(",")))
    if head is None or len(arms) < 2:  # noqa: PLR2004 - one arm is compared with nothing
        raise ValueError(_("an experiment reads: button (orders): old 500/10000, new 560/10000 n=10000"))
    if any(arm["hits"] > arm["people"] for arm in arms):
        raise ValueError(_("an arm has more hits than people: hits come first, as in 500/10000"))
    row: dict[str, Any] = {"name": head[1].strip(), "arms": arms}
    if head[2]:
        row["metric"] = head[2].strip()
    return row | _plan(dict(_PLAN.findall(rest)))


def _arms(text: str) -> Iterator[dict[str, Any]]:
    """The arms in their order; none at all when anything between them is something else."""
    found, at = [], 0
    while at < len(text):
        arm = _ARM.match(text, at)
        if arm is None:
            return
        hits, people = (int(re.sub(r"[.,]", "", count)) for count in (arm[2], arm[3]))
        found.append({"label": arm[1].strip(), "hits": hits, "people": people})
        at = arm.end()
    yield from found


def _plan(said: dict[str, str]) -> dict[str, Any]:
    """What was decided before, by the fields' names."""
    found: dict[str, Any] = {}
    try:
        for key, field in _FIELDS:
            if key in said:
                text = said[key].rstrip(",")
                found[field] = {"n": _count, "lift": _share}.get(key, _iso)(text)
    except ValueError:
        raise ValueError(_("n= is a number, lift= like 0.1 or 10%, from= and to= days like 2026-09-01")) from None
    return found


def _count(text: str) -> int:
    if not re.fullmatch(_COUNT, text):
        raise ValueError(text)
    return int(re.sub(r"[.,]", "", text))


def _share(text: str) -> float:
    found = re.fullmatch(r"(\d{1,3}(?:[.,]\d{1,6})?)(%?)", text)
    if found is None:
        raise ValueError(text)
    return float(found[1].replace(",", ".")) / (100 if found[2] else 1)


def _iso(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def experiment_text(row: dict[str, Any]) -> str:
    """An experiment, as a document has it, in the words `typed_experiments` reads."""
    arms = ", ".join(f"{arm['label']} {arm['hits']}/{arm['people']}" for arm in row["arms"])
    measured = f" ({row['metric']})" if row.get("metric") else ""
    plan = [f"{key}={_plainly(row[field])}" for key, field in _FIELDS if row.get(field) is not None]
    return " ".join([f"{row['name']}{measured}: {arms}", *plan])


def _plainly(value: Any) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
