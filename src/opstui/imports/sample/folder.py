"""The sample's files, and what is to be said about their rows."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct, field

from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.imports.interface import Report
from opstui.imports.sample.relative import Calendar
from opstui.imports.tables import open_table, shown

T = TypeVar("T")
Cells = dict[str, str]
"""A row: its cells by column, as in `tables.Row`."""


class Folder(Struct, frozen=True):
    """Where the files are, what their days are told from, and the currency of every amount in them."""

    path: Path
    calendar: Calendar
    currency: str = ""
    report: Report = field(default_factory=Report)

    def rows(self, name: str, columns: str, take: Callable[[Cells], T]) -> list[T]:
        """What `take` makes of every row of a CSV file with these columns; a row that is a ValueError is reported.

        Raises:
            Refused: the file is missing or of another kind.

        """
        table = open_table(self.path / name, columns.split(), self.report)
        taken = []
        for row in table.rows:
            try:
                taken.append(take(row.cells))
            except ValueError as wrong:
                self.report.add("refused", table.file, row.line, str(wrong))
        return taken

    def toml(self, name: str) -> dict[str, Any]:
        """A TOML file.

        Raises:
            Refused: it is missing or malformed.

        """
        path = self.path / name
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
            raise Refused(_("{file} cannot be read: {why}").format(file=shown(path), why=wrong)) from wrong
