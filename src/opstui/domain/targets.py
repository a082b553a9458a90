"""What a number should be. A workspace's file begins with some targets; what members set is kept here, over them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from opstui.domain.commands import SetTarget
from opstui.domain.events import Event
from opstui.domain.model import Refused, clean_line
from opstui.domain.registry import WITH_TARGET
from opstui.domain.state import Reader, State
from opstui.i18n import _

TABLE = "targets"
Make = Callable[..., Event]


def targets_of(reader: Reader, begun: Mapping[str, float]) -> dict[str, float]:
    """KPI id -> target: those the settings begin with, and over them those that members set."""
    found = dict(begun)
    for _id, doc in reader.items(TABLE):
        if "kpi" not in doc:
            continue
        if doc.get("value") is None:
            found.pop(doc["kpi"], None)
        else:
            found[doc["kpi"]] = doc["value"]
    return found


def set_target(command: SetTarget, state: State, event: Make) -> list[Event]:
    """Set the target of a KPI, or take it away; undo brings the one before back.

    Raises:
        Refused: there is no such KPI, it has no target, or the target is no number.
    """
    kpi, value = clean_line(command.kpi), command.value
    if kpi not in WITH_TARGET:
        near = get_close_matches(kpi, WITH_TARGET, n=1) or WITH_TARGET
        raise Refused(_("'{name}' has no target; try {near}").format(name=kpi[:40], near=", ".join(near)))
    if value is not None and not math.isfinite(value):
        raise Refused(_("a target is a number"))
    number = next((n for n, doc in state.items(TABLE) if doc.get("kpi") == kpi), None)
    doc = (state.get(TABLE, number) if number else None) or {}
    fields = {"kpi": kpi, "value": value, "off": True if value is None else None}
    changed = {name: (doc.get(name), new) for name, new in fields.items() if doc.get(name) != new}
    if not changed:
        return []
    return [event("target_set", TABLE, number or state.next_id(TABLE), changed=changed, data={"kpi": kpi})]
