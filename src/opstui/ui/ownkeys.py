"""A member's own `keys.toml` as text: one to begin with, and the same with one command's keys changed.

The file is a person's: comments, order and everything else in it stay as they wrote them.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from opstui.i18n import _
from opstui.smallfile import read_small
from opstui.ui.commands import COMMANDS, KeyCommand
from opstui.ui.keynames import written
from opstui.ui.preferences import rewrite


def starter(table: Mapping[str, KeyCommand] = COMMANDS) -> str:
    """A file that changes nothing yet: every command with its keys and what it does, as a comment."""
    about = (
        _("Keys of your own. Take the # away from a line and write the key you want; the rest stays as it is."),
        _('A key is written as on the keyboard: "n", "N", "?", "f5", "ctrl+k", "shift+left", "space", "esc".'),
        _('Several: ["n", "ctrl+n"]. None: []. Help, the palette and quit always keep a key.'),
        _("ctrl+s and ctrl+q may stop your terminal, ctrl+a and ctrl+b belong to screen and tmux."),
    )
    commands = (f"# {_line(c.id, c.keys):<40} # {c.help}" for c in table.values())
    return "\n".join([*(f"# {line}" for line in about), *commands]) + "\n"


def _line(command: str, keys: Sequence[str]) -> str:
    names = [json.dumps(written(key), ensure_ascii=False) for key in keys]
    return f"{command} = {names[0]}" if len(names) == 1 else f"{command} = [{', '.join(names)}]"


def with_keys(text: str, command: str, keys: Sequence[str]) -> str:
    """The text of a file in which a command has these keys (as Textual names them); its other lines are untouched.

    Raises:
        ValueError: the file is broken, or written in a way that is only changed by hand.

    """
    mine = re.compile(rf"^\s*(#\s*)?{re.escape(command)}\s*=")
    lines = text.splitlines()
    places = [n for n, line in enumerate(lines) if (found := mine.match(line)) and not found[1]]
    places += [n for n, line in enumerate(lines) if (found := mine.match(line)) and found[1]]
    line = _line(command, keys)
    if places:
        _head, comment, note = lines[places[0]].partition(" # ")
        lines[places[0]] = f"{line}{comment}{note}" if comment else line
    else:
        lines.insert(_end_of_keys(lines), line)
    changed = "\n".join(lines) + "\n"
    try:
        before, after = tomllib.loads(text), tomllib.loads(changed)
    except tomllib.TOMLDecodeError as wrong:
        raise ValueError(_("the file is to be put right by hand first: {why}").format(why=wrong)) from wrong
    wanted = [written(key) for key in keys]
    if after != before | {command: wanted[0] if len(wanted) == 1 else wanted}:
        raise ValueError(_("{command} is written over several lines there: change it by hand").format(command=command))
    return changed


def _end_of_keys(lines: Sequence[str]) -> int:
    """Before the first [table]: what stands behind that is no key of the top level."""
    return next((n for n, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))


def set_keys(path: Path, command: str, keys: Sequence[str]) -> None:
    """Write a command's keys into a member's file, which is begun when there is none.

    Raises:
        ValueError: as `with_keys`.
        OSError: as the disk says; the file is as it was.

    """

    def text() -> str:
        try:
            return with_keys(read_small(path).decode("utf-8-sig"), command, keys)
        except FileNotFoundError:
            return with_keys(starter(), command, keys)
        except UnicodeDecodeError as wrong:
            raise ValueError(_("the file is not UTF-8 text: put it right by hand first")) from wrong

    rewrite(path, text)
