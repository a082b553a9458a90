"""Keys as people want them: `keys.toml` is read, judged, and laid over the table of commands.

Three files may say something, the most personal wins: the workspace's (a team's habit), the person's own for all
workspaces, and the member's in the workspace (on a shared server all members have one home, so that is where theirs
are). A line that cannot be used is a warning with its place, and the rest holds. Whatever they say, help, the palette
and the way out keep a key. Nothing is loaded for it where no such file is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain.model import clean_line
from opstui.i18n import _
from opstui.ui.commands import COMMANDS, KeyCommand
from opstui.ui.themes import config_themes

if TYPE_CHECKING:
    from opstui.ui.tomlfile import TomlFile

FILE = "keys.toml"
SAFE = ("help", "palette", "quit")
"""Commands that always keep a key: with them everything else can be found."""

Table = Mapping[str, KeyCommand]


class Wish(Struct, frozen=True):
    """A line of a file: the keys (as Textual names them) that a command is to have, and where that was said."""

    command: str
    keys: tuple[str, ...]
    place: str


def key_files(workspace: Path, member: str) -> tuple[Path, Path, Path]:
    """The files that may say something, the least personal first."""
    return workspace / FILE, config_themes().parent / FILE, own_keys(workspace, member)


def own_keys(workspace: Path, member: str) -> Path:
    """A member's own file in a workspace."""
    return workspace / "preferences" / f"{quote(member, safe='')}.{FILE}"


def load_keys(*paths: Path, table: Table = COMMANDS) -> tuple[Table, list[str]]:
    """The commands with the keys that these files wish for, and what is to be said about the files."""
    found = [path for path in paths if os.path.isfile(path)]  # noqa: PTH113 - Path's raises for a closed folder
    if not found:
        return table, []
    from opstui.ui.tomlfile import Unreadable, read_toml  # noqa: PLC0415 - most have no such file

    wishes: dict[str, Wish] = {}
    said: list[str] = []
    for path in reversed(found):
        try:
            file = read_toml(path)
        except Unreadable as error:
            said.append(_("{what}; its keys are not used").format(what=error))
            continue
        for wish in _wishes(file, table, said):
            wishes.setdefault(wish.command, wish)
    return lay_over(list(wishes.values()), table, said), said


def _wishes(file: TomlFile, table: Table, said: list[str]) -> Iterator[Wish]:
    """What a file wishes for; what it says wrongly is left out and told."""
    raw = dict(file.raw)
    if isinstance(raw.get("keys"), dict):
        raw |= raw.pop("keys")  # under a heading of its own they are as good
    for command, value in raw.items():
        place = _("{file}, line {line}").format(file=file.path.name, line=file.line_of(command))
        if command not in table:
            said.append(f"{place}: {_no_command(command, table)}")
            continue
        try:
            yield Wish(command, tuple(_keys(value)), place)
        except ValueError as wrong:
            said.append(f"{place}: {wrong}")


def _no_command(name: str, table: Table) -> str:
    import difflib  # noqa: PLC0415 - only for a mistake

    near = difflib.get_close_matches(name, table, n=1)
    said = _("there is no command {name}; try {near}") if near else _("there is no command {name}; the palette has all")
    return said.format(name=clean_line(name)[:30], near="".join(near))


def _keys(value: object) -> Iterator[str]:
    """A key or a list of keys; none at all unbinds.

    Raises:
        ValueError: with the reason.
    """
    from opstui.ui.keynames import key_of  # noqa: PLC0415 - only for those who have a file

    keys = [value] if isinstance(value, str) else value
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise ValueError(_('keys are written "n", or ["n", "ctrl+n"]; [] is none'))
    yield from dict.fromkeys(key_of(clean_line(key) if len(key) > 1 else key) for key in keys if key)


def lay_over(wishes: Sequence[Wish], table: Table, said: list[str]) -> dict[str, KeyCommand]:
    """The table with these wishes granted, the first of two that want one key; what is not granted goes to `said`."""
    wished = {wish.command: wish for wish in wishes}
    while lost := _without_key(wished, table):
        wish = wished.pop(lost)
        said.append(_("{place}: {command} keeps the key it had").format(place=wish.place, command=lost))
    owner = _reserved(wished, table)
    places: dict[str, str] = {}
    for name in sorted(wished, key=lambda name: name not in SAFE):
        for key in wished[name].keys:
            if owner.setdefault(key, name) == name:
                places[key] = wished[name].place
            else:
                said.append(_taken(wished[name], key, owner[key], table))
    return {name: _with_keys(command, wished.get(name), owner, places, said) for name, command in table.items()}


def _reserved(wished: Mapping[str, Wish], table: Table) -> dict[str, str]:
    """Key -> who must not lose it: the keys of the safe commands for which nothing else is wished."""
    return {key: name for name in SAFE if name in table and name not in wished for key in table[name].keys}


def _without_key(wished: Mapping[str, Wish], table: Table) -> str:
    """A safe command for which keys are wished that others have; empty when there is none."""
    owner = _reserved(wished, table)
    for name in SAFE:
        if name in wished and not any([owner.setdefault(key, name) == name for key in wished[name].keys]):  # noqa: C419
            return name
    return ""


def _taken(wish: Wish, key: str, by: str, table: Table) -> str:
    from opstui.ui.keynames import shown  # noqa: PLC0415

    return _("{place}: {key} is {other} already; {command} does not get it").format(
        place=wish.place, key=shown(key), other=table[by].label, command=wish.command
    )


def _with_keys(
    command: KeyCommand, wish: Wish | None, owner: dict[str, str], places: dict[str, str], said: list[str]
) -> KeyCommand:
    """The command with the keys that are left to it."""
    from opstui.ui.keynames import shown  # noqa: PLC0415

    keys = tuple(key for key in (wish.keys if wish else command.keys) if owner.get(key, command.id) == command.id)
    if keys == command.keys:
        return command
    if command.keys and not keys and wish is None:
        key = command.keys[0]
        said.append(
            _("{place}: {key} was {command}, which has no key now; give it one").format(
                place=places.get(key, FILE), key=shown(key), command=command.id
            )
        )
    return replace(command, keys=keys)
