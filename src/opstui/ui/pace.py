"""How fast a cursor goes on whose key is held.

A picture for each of thirty steps a second costs a core much, and a thin line more. So a step that follows the same
step at once waits a little, and what comes meanwhile is taken together with it. One key alone never waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from textual.events import Event, Key

APART = 0.06
"""Seconds between two steps."""


@runtime_checkable
class Strider(Protocol):
    """A screen that takes several keys together."""

    def steps(self, key: Key) -> bool:
        """Whether this key moves the cursor here, and does nothing else."""

    def stride(self, keys: Iterable[Key]) -> int:
        """Do what the first of these keys mean, as far as it can be done together; says how many they were."""


class Pace:
    """Remembers the last step."""

    def __init__(self) -> None:
        """None was taken."""
        self._key, self._at = "", 0.0

    def note(self, step: Key | None, now: float) -> None:
        """A step was taken; None: something else was done."""
        self._key, self._at = (step.key, now) if step else ("", 0.0)

    def wait(self, struck: Iterable[Event], now: float) -> float:
        """Seconds for which what was struck should wait: where it is nothing but the key of the last step again."""
        again = all(isinstance(event, Key) and event.key == self._key for event in struck)
        return max(0.0, self._at + APART - now) if again else 0.0
