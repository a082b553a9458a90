"""Who works in the sample's shop, and what they did besides moving and discussing cards.

These are no records of a foreign system, so no import carries them: the demo does it all over again, as these people.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

from msgspec import Struct

from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.imports.sample.folder import Cells, Folder
from opstui.imports.sample.relative import Calendar

_SORTS = ("check", "tick", "set", "postmortem")


class Deed(Struct, frozen=True, kw_only=True):
    """What a person did to a card, named by its key.

    `check` adds the checklist item `name` and `tick` ticks it; `set` gives the field `name` a `value`; `postmortem`
    begins the card's post-mortem.
    """

    at: datetime
    by: str
    card: str
    sort: Literal["check", "tick", "set", "postmortem"]
    name: str = ""
    value: str = ""


def people(path: Path, calendar: Calendar) -> tuple[datetime, dict[str, str]]:
    """When the shop began to use opstui, and name -> role.

    Raises:
        Refused: people.toml is missing or malformed.

    """
    said = Folder(path, calendar).toml("people.toml")
    try:
        return calendar.moment(said["since"]), {str(name): str(role) for name, role in said["people"].items()}
    except (KeyError, AttributeError, ValueError) as wrong:
        raise Refused(_("people.toml: {reason}").format(reason=wrong)) from wrong


def deeds(path: Path, calendar: Calendar) -> list[Deed]:
    """Everything in deeds.csv, in order of time.

    Raises:
        Refused: the file is missing or of another kind, or a row of it will not do.

    """

    def take(cells: Cells) -> Deed:
        sort = cells["what"]
        if sort not in _SORTS:
            raise ValueError(_("a deed is one of: {known}").format(known=", ".join(_SORTS)))
        rest = {name: cells[name] for name in ("by", "card", "name", "value")}
        return Deed(at=calendar.moment(cells["at"]), sort=cast("Any", sort), **rest)

    folder = Folder(path, calendar)
    done = folder.rows("deeds.csv", "card at by what name value", take)
    for p in folder.report.problems:
        raise Refused(_("{file}, line {line}: {reason}").format(file=p.file, line=p.line, reason=p.reason))
    return sorted(done, key=lambda deed: deed.at)
