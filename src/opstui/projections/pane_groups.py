"""In which order the groups of the pane stand: by role, or as a member wants them.

Where neither says otherwise, the six tiles that a shop owner asks for come before all else: those of the shop, then
the open tickets, and only then what is about thirty days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opstui.domain.registry import KPIS, Group
from opstui.projections.tiles import Tile, for_role

USUAL: tuple[Group, ...] = ("owner", "feedback", "orders", "campaigns")
GROUPS = USUAL
"""The groups of KPIs that stand in the pane; those of actions stand in `opstui kpi`."""
BY_ROLE: dict[str, tuple[Group, ...]] = {
    "content": ("campaigns", "owner", "feedback", "orders"),
    "cs": ("feedback", "orders", "owner", "campaigns"),
    "ops_lead": ("owner", "orders", "feedback", "campaigns"),
    "finance": ("owner", "campaigns", "orders", "feedback"),
}
"""Role -> the groups from the one it looks at first."""


def group_order(role: str, first: Iterable[str] = ()) -> tuple[Group, ...]:
    """Every group once: those in `first` that there are, then the others as the role has them."""
    known = {str(group): group for group in GROUPS}
    wanted = [known[name] for name in first if name in known]
    return tuple(dict.fromkeys((*wanted, *BY_ROLE.get(role, USUAL))))


def in_order(found: Sequence[Tile], role: str, order: Sequence[Group]) -> tuple[Tile, ...]:
    """The tiles group by group, those of a group as the role wants them."""
    return tuple(sorted(for_role(found, role), key=lambda tile: order.index(group_of(tile))))


def group_of(tile: Tile) -> Group:
    """The group a tile belongs to."""
    return KPIS[tile.id].group


def put_first(name: str, first: Sequence[str]) -> tuple[str, ...]:
    """What `first` is once that group is chosen to be the first; "" goes back to the role's order."""
    return (name, *(other for other in first if other != name)) if name else ()
