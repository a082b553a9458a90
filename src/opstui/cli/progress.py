"""How far a verb is, on stderr, where a person watches a terminal; elsewhere nothing."""

from __future__ import annotations

import sys
import time

import click

from opstui.i18n import _

APART = 0.1
"""Seconds between two figures: a terminal on a slow line must not hold up the work."""


class Shown:
    """Takes (done, total) and writes it over what it wrote before. `words` have the places {done} and {total}."""

    def __init__(self, words: str = "") -> None:
        """Without words it says how many in a hundred."""
        self._words, self._last, self._wrote = words, 0.0, False

    def __call__(self, done: int, total: int) -> None:
        """So much of so much; the last one always, others when there was time to read the one before."""
        now = time.monotonic()
        if not sys.stderr.isatty() or (done < total and now - self._last < APART):
            return
        self._last, self._wrote = now, done < total
        percent = 100 * done // total if total else 100
        told = self._words or _("{percent} % ")
        click.echo("\r" + told.format(done=done, total=total, percent=percent), nl=done >= total, err=True)

    def end(self) -> None:
        """What comes next begins on a line of its own."""
        if self._wrote:
            click.echo("", err=True)
            self._wrote = False
