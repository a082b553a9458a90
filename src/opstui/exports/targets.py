"""Where an export may be written: anywhere its user may, but not over what a workspace lives from."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from opstui import config
from opstui.domain.model import Refused
from opstui.exports.files import SIDECAR
from opstui.i18n import _
from opstui.workspace import find_workspace


def may_write(target: Path, home: Path) -> Path:
    """A file that someone named for an export from the workspace at `home`.

    Raises:
        Refused: it lies in a workspace's data, is its settings or its record of exports, or cannot be a file.
    """
    try:
        resolved = target.resolve()
        with suppress(FileNotFoundError):
            resolved.lstat()
        homes = {home, find_workspace(resolved.parent) or home}
    except (OSError, RuntimeError) as wrong:
        reason = getattr(wrong, "strerror", None) or str(wrong)
        raise Refused(_("{path} cannot be written: {reason}").format(path=target, reason=reason)) from None
    for found in homes:
        own = {(found / name).resolve() for name in (config.FILE, f"exports/{SIDECAR}")}
        if resolved in own or resolved.is_relative_to((found / "data").resolve()):
            raise Refused(_("{path} belongs to the workspace itself; export to another file").format(path=target))
    return target
