"""Fields that follow from another one while it is typed: the total of an order is the sum of its lines.

It follows as long as nobody has typed something else there: a total by hand (a discount, the parcel) stays, and the
difference is told beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from opstui.i18n import _

if TYPE_CHECKING:
    from opstui.typed import Sum
    from opstui.ui.widgets.form_line import FormLine


class Following:
    """The rows of one form that follow from others."""

    def __init__(self, lines: Sequence[FormLine]) -> None:
        """What equals its sum already goes on following it."""
        named = {line.row.name: line for line in lines}
        self._pairs = [(named[line.row.follows.of], line) for line in lines if line.row.follows]
        self._put = {line.row.name: line.text for source, line in self._pairs if _agree(line, _sum(source, line))}

    def begin(self) -> None:
        """Say where what stands there is another amount."""
        for source, line in self._pairs:
            self._remark(source, line)

    def changed(self, changed: FormLine) -> None:
        """A letter was typed in a row."""
        for source, line in self._pairs:
            if changed is source:
                self._follow(source, line)
            if changed in (source, line):
                self._remark(source, line)

    def _follow(self, source: FormLine, line: FormLine) -> None:
        found, name = _sum(source, line), line.row.name
        if found and found.whole and line.text.strip() in ("", self._put.get(name)):
            self._put[name] = found.text
            line.put(found.text)

    def _remark(self, source: FormLine, line: FormLine) -> None:
        found = _sum(source, line)
        if found is None:
            line.remark("")
        elif _agree(line, found):
            line.remark(_("the sum of the lines") if line.touched else "")
        else:
            told = _("lines add up to {sum}") if found.whole else _("lines with a price add up to {sum}")
            line.remark(told.format(sum=found.text))


def _sum(source: FormLine, line: FormLine) -> Sum | None:
    """What the row that is followed comes to; nothing where it cannot be read."""
    try:
        return line.row.follows.sum(source.text) if line.row.follows else None
    except ValueError:
        return None


def _agree(line: FormLine, found: Sum | None) -> bool:
    try:
        return found is not None and line.row.read(line.text) == found.amount
    except ValueError:
        return False
