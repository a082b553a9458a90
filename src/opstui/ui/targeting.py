"""The targets within the console: what works out the values, and what the board shows after them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opstui.projections.kpi_values import Known
    from opstui.ui.screens.board import BoardScreen


async def targets(screen: BoardScreen) -> None:
    """Every KPI with its target; the numbers beside the board follow what was changed."""
    from opstui.projections.kpi_values import kpi_values  # noqa: PLC0415 - not needed for the first picture
    from opstui.projections.kpis import DEFAULT_DAYS  # noqa: PLC0415
    from opstui.ui.screens.targets import TargetsScreen  # noqa: PLC0415

    workspace = screen.session.workspace

    def values() -> Mapping[str, Known]:
        return kpi_values(workspace.histories.source(as_of=workspace.now(), days=DEFAULT_DAYS))

    await screen.ask(TargetsScreen(screen.desk, values))
    screen.settled(None)
    screen.numbers.ask()
