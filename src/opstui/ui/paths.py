"""Files that people name in the console: where a name leads, what it could become, and how far a console may reach.

A console that is served to others (a forced command on a server) reads and writes within its workspace only: the files
beside it are the server's. Nobody gains anything by pretending to be served, so the environment may say it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

from msgspec import Struct

from opstui.i18n import _

SERVED = ("OPSTUI_SERVED", "SSH_ORIGINAL_COMMAND")
"""Set by whoever serves the console to others: by hand in the forced command, or by sshd."""
MOST = 10_000
"""Names of a folder that are looked through for those that fit."""


def is_served(environ: Mapping[str, str]) -> bool:
    """Whether this console is served to somebody who has no other business on this machine."""
    return any(environ.get(name) for name in SERVED)


class Reach(Struct, frozen=True):
    """Where names begin (the first of `bases` where that is there), and the folder that none may leave, if any."""

    bases: tuple[Path, ...]
    fence: Path | None = None

    @classmethod
    def of(cls, workspace: Path, environ: Mapping[str, str]) -> Reach:
        """The reach of a console on that workspace: from the folder it was started in, then from the workspace."""
        if is_served(environ):
            return cls((workspace,), workspace)
        return cls((Path.cwd(), workspace))

    def locate(self, text: str) -> Path:
        """The path that a name means, whether something is there or not.

        Raises:
            ValueError: it leads out of what may be reached, or cannot be a path.
        """
        name = text.strip()
        if "\0" in name:
            raise ValueError(_("this cannot be a path"))
        path = Path(name if self.fence else os.path.expanduser(name))  # noqa: PTH111 - "~nobody" stays as it is
        options = [base / path for base in self.bases]
        found = next((option for option in options if os.path.lexists(option)), options[0])
        if self.fence and not Path(os.path.realpath(found)).is_relative_to(os.path.realpath(self.fence)):
            raise ValueError(_("a served console reaches files in its workspace only"))
        return found

    def files(self, text: str) -> list[Path]:
        """The files (or folders) that are named: one whose name may hold blanks, or several with blanks between.

        Raises:
            ValueError: one of them is not there, or may not be reached.
        """
        whole = self.locate(text)
        if os.path.lexists(whole):
            return [whole]
        import shlex  # noqa: PLC0415 - only for several files

        try:
            names = shlex.split(text)
        except ValueError:
            names = [text]
        paths = [self.locate(name) for name in names]
        for name, path in zip(names, paths, strict=True):
            if not os.path.lexists(path):
                raise ValueError(_("{name} is not there").format(name=name[:60]))
        return paths

    def matches(self, text: str) -> list[str]:
        """What the name could become, in the order of the alphabet; folders end in a slash."""
        folder, name = os.path.split(text)
        found: list[str] = []
        for base in _folders(self, folder):
            for entry, is_folder in _entries(base):
                if entry.startswith(name) and (name.startswith(".") or not entry.startswith(".")):
                    found.append(os.path.join(folder, entry) + ("/" if is_folder else ""))  # noqa: PTH118 - as typed
        return sorted(dict.fromkeys(found))

    def complete(self, text: str) -> str:
        """The name with as much added as all that fits has in common, or else the first that fits; "" for none."""
        fits = self.matches(text) if text.strip() else []
        common = os.path.commonprefix(fits)  # noqa: RUF071 - of texts, as a shell completes them
        return common if len(common) > len(text) else next(iter(fits), "")

    def offer(self, text: str) -> str:
        """The names that fit, on a line: what the field says below what is typed."""
        fits = [os.path.basename(name.rstrip("/")) + "/" * name.endswith("/") for name in self.matches(text)]  # noqa: PTH119
        return "  ".join(fits[:12])


def _folders(reach: Reach, folder: str) -> Iterable[Path]:
    for base in reach.bases:
        try:
            yield Reach((base,), reach.fence).locate(folder or ".")
        except ValueError:
            continue


def _entries(folder: Path) -> list[tuple[str, bool]]:
    """Names in a folder, and whether they are folders; none that nobody could type."""
    try:
        with os.scandir(folder) as found:
            some = islice(found, MOST)
            return [(entry.name, entry.is_dir()) for entry in some if entry.name.isprintable()]
    except OSError:
        return []
