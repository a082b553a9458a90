"""A TOML file that a person wrote, read so that what is wrong with it can be told with the line it stands on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from msgspec import Struct

from opstui.i18n import _
from opstui.smallfile import read_small

_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


class TomlFile(Struct, frozen=True):
    """What a file says, and its text."""

    path: Path
    raw: dict[str, Any]
    text: str

    def line_of(self, *keys: str) -> int:
        """The line that the first of the keys stands on that can be found (1 when none can)."""
        for key in keys:
            for number, line in enumerate(self.text.splitlines(), 1):
                if re.match(rf'\s*\[?\s*"?{re.escape(key)}"?\s*[=\]]', line):
                    return number
        return 1


class Unreadable(Exception):  # noqa: N818 - it says what the file is
    """The file cannot be used; the message says where and why."""


def read_toml(path: Path) -> TomlFile:
    """Read a file.

    Raises:
        Unreadable: it cannot be read, is no UTF-8, or no TOML; the message begins with the file and the line.
    """
    text = ""
    try:
        text = read_small(path).decode("utf-8-sig").replace("\r\n", "\n")
        return TomlFile(path, tomllib.loads(text), text)
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        line = int(found[1]) if found and found[1] else max(1, len(text.splitlines()))  # else it ran into the end
        said = _("{file}, line {line}: {what}").format(file=path.name, line=line, what=_AT.sub("", str(error)))
        raise Unreadable(said) from error
    except RecursionError as error:
        raise Unreadable(_("{file}: it is nested too deeply").format(file=path.name)) from error
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else _("it is not UTF-8 text")
        raise Unreadable(_("{file}: {why}").format(file=path.name, why=why)) from error
