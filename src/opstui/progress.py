"""How far something is that takes long: the one shape in which imports, exports and the store tell it.

They know nothing of who listens. The console draws a bar, the command line writes to stderr, and either may end the
work by raising: so whoever calls back must be fit to stop there, with nothing half done.
"""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Told (done, total) now and then, in whatever unit the work is counted. What it raises ends the work."""


def silent(done: int, total: int) -> None:
    """Nobody wants to know."""
    del done, total
