"""What stands where no cards are: on an empty board what to do, where the filter lets nothing through how to get out.

A lane that is empty among others stays calm. Words are laid out for the width of a lane, which can be narrow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap

from opstui.i18n import _
from opstui.projections.board import BoardView

LINES = 10
"""At most so many: what redraws a lane that may hold them needs to know."""
_KEYED = re.compile(r"\S+ {2,}")


def words(view: BoardView, number: int, cursor: int, guide: Sequence[str], width: int) -> list[str]:
    """The lines of lane `number`, which has no cards, with the cursor in lane `cursor`; `guide` is for new boards."""
    lane = view.lanes[number]
    if view.total and not view.shown:
        nothing = (_("no card matches"), _("esc clears the filter"))
        return laid_out(nothing, width) if number == cursor else []
    if lane.filtered and lane.total:
        return [_("no match")]
    return laid_out(guide, width) if number == 0 and not view.total else [_("empty")]


def laid_out(texts: Sequence[str], width: int) -> list[str]:
    """Each text on as many lines as it takes; what is carried over hangs where its words begin."""
    width = max(8, width)
    lines = [line for text in texts for line in wrap(text, width, subsequent_indent=_hang(text)) or [""]]
    return lines[:LINES]


def _hang(text: str) -> str:
    """As many blanks as stand before the words of "n  new card"; none where no key stands before words."""
    found = _KEYED.match(text)
    return " " * len(found[0]) if found else ""
