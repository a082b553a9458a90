"""What a pasted text means on a board: a list of titles, from a chat, a to-do list or a column of a spreadsheet."""

from __future__ import annotations

import re
from itertools import islice

from opstui.domain.model import TITLE_LIMIT, clean_line
from opstui.i18n import _

MOST = 1000
"""Cards made of one paste. More than that is an import, which can be looked at before and done again."""
_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_LEAD = re.compile(r"(?:(?:[-*•–+]|\d{1,4}[.)])\s+|\[[ xX✓]?\]\s*)*")


def titles(text: str) -> list[str]:
    """The lines as titles: cleaned, without bullets, numbers and boxes; of a spreadsheet's row the first filled cell.

    Titles are their own titles, so that those on show can be edited and stand there again as they stood. Of too many
    they are `MOST` + 1, which is enough for `objection`.
    """
    found = (title for line in _LINE_END.split(text) if (title := _title(line)))
    return list(islice(found, MOST + 1))


def _title(line: str) -> str:
    cells = (_LEAD.sub("", clean_line(cell), count=1) for cell in line.split("\t"))
    return next((cell for cell in cells if cell), "")


def objection(found: list[str]) -> str:
    """Why cards cannot be made of these titles; nothing when they can."""
    if len(found) > MOST:
        return _("more than {most} lines are too many to paste; save them as CSV and use `opstui import`").format(
            most=MOST
        )
    long = next((n for n, title in enumerate(found, 1) if len(title) > TITLE_LIMIT), None)
    if long is not None:
        return _("card {n}: its title has {length} characters; at most {limit} are taken").format(
            n=long, length=len(found[long - 1]), limit=TITLE_LIMIT
        )
    return "" if found else _("there is no line to make a card of")
