"""A card as JSON for programs: its ref is its `id`, links name refs, and fields at their default are there too."""

from __future__ import annotations

from typing import Any

from opstui.domain.fieldwork import defaults
from opstui.domain.model import Doc, clean
from opstui.domain.state import Reader

_INNER = ("ref", "kind", "rank")


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_safe(v) for v in value]
    if isinstance(value, dict):
        return {k: _safe(v) for k, v in value.items()}
    return value


def card_record(doc: Doc, state: Reader) -> dict[str, Any]:
    """The card as `--json` prints it: id (ORD-0042), board, stage, title, then every other field."""
    full = {**defaults(doc["kind"]), **doc}
    first = {"id": doc["ref"], "kind": doc["kind"], "board": doc["board"], "stage": doc["stage"], "title": doc["title"]}
    rest = {name: _safe(value) for name, value in full.items() if name not in _INNER}
    rest["links"] = [
        {"relation": link["relation"], "card": (state.get("cards", link["card"]) or {}).get("ref")}
        for link in full["links"]
    ]
    return first | {name: value for name, value in rest.items() if name not in first}
