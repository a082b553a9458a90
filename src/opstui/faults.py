"""A fault never shows a trace to the person: it goes to the log, and one line says where.

What was acknowledged is on disk already, so there is nothing to save here.
"""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

from opstui.i18n import _

LIMIT = 1_000_000


def log_path() -> Path:
    """Where the log is: $XDG_STATE_HOME/opstui/opstui.log."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "opstui" / "opstui.log"


def record(error: BaseException) -> str:
    """Write a fault to the log; gives the line to show. The log starts anew when it has grown past a megabyte."""
    path = log_path()
    trace = "".join(traceback.format_exception(error))
    entry = f"{datetime.now(UTC).isoformat(timespec='seconds')} pid {os.getpid()}\n{trace}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LIMIT:
            path.replace(path.with_suffix(".log.1"))
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(entry)
    except OSError:
        message = _("opstui stopped by a fault ({fault}); nothing saved was lost; the log could not be written")
        return message.format(fault=type(error).__name__)
    return _("opstui stopped by a fault; nothing saved was lost; see {log}").format(log=path)
