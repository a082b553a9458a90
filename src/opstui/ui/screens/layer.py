"""Screens that lie over each other and all change: what is below a dialog goes on, and is seen to.

Textual repaints stretches of the top screen where one below it changed, but then forgets what changed in the top one
itself (a letter typed in the same moment), what changes below from the second time on, and whatever lies between; and
where a stretch ends in the middle of a wide sign of the top screen, that is drawn as two blanks. Its methods are
extended here, so that the terminal always shows what the screens hold.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.geometry import Region
from textual.screen import Screen, ScreenResultType


class Layer(Screen[ScreenResultType]):
    """A screen that can be seen through, or be seen behind another."""

    def _on_timer_update(self) -> None:
        """Stretches of the screen are painted beside the widgets that changed, not in their place."""
        if self._repaint_required:
            self._repaint_required = False
            self._dirty_widgets.add(self)
        super()._on_timer_update()

    def _compositor_refresh(self) -> None:
        """What changed below the top screen is drawn anew by all that lie between, and only once, in whole lines."""
        top = self.app.screen
        changed = [] if self is top else self._whole_lines(self._compositor._dirty_regions)  # noqa: SLF001
        if changed:
            self._compositor._dirty_regions = set(changed)  # noqa: SLF001
        super()._compositor_refresh()
        if not changed:
            return
        self._repaint_required = False
        stack = self.app.screen_stack
        for screen in stack[stack.index(self) + 1 : -1] if self in stack else ():
            screen._set_dirty(*changed)  # noqa: SLF001

    def _whole_lines(self, regions: Iterable[Region]) -> list[Region]:
        return [Region(0, region.y, self.size.width, region.height) for region in regions]
