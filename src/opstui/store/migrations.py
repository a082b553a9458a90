"""What turned old documents into today's: a table of steps, and how everything older is read through it.

The journal is never rewritten, so its old lines stay as they are for ever and are brought up to date each time they are
read; only db.json is written anew, once (`upgrade`). Both go through the same step, and that is why a step works field
by field: it is given a document, or just those fields of one that a line changed, and may rename a field, turn its
value into another, or leave it out. A new field needs no step at all, because one at its default is left out anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opstui.domain.model import Doc

Step = Callable[[str, dict[str, Any]], dict[str, Any]]
"""(table, a document or a part of one) -> the same in the next version; a new dict, the old one is not touched."""

STEPS: dict[int, Step] = {}
"""Version -> the step that leads from it to the next one. Never changed once it was released."""


def known(version: int, wanted: int) -> bool:
    """Whether there is a way from one version to another, later one."""
    return all(v in STEPS for v in range(version, wanted))


def newest(table: str, part: Doc, version: int, wanted: int) -> Doc:
    """A document, or some of its fields, as the version `wanted` has it."""
    for v in range(version, wanted):
        part = STEPS[v](table, part)
    return part


def newest_patch(table: str, patch: Any, version: int, wanted: int) -> Any:
    """A change, as the version `wanted` has it: what stood there before and what stands there after, side by side."""
    if not isinstance(patch, dict):
        return tuple(None if doc is None else newest(table, doc, version, wanted) for doc in patch)
    before, after = (
        newest(table, {field: pair[i] for field, pair in patch.items() if pair[i] is not None}, version, wanted)
        for i in (0, 1)
    )
    return {field: (before.get(field), after.get(field)) for field in {**before, **after}}
