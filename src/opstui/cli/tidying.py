"""db.json is brought up to date behind the console's back: whoever leaves has their terminal at once.

Writing it takes seconds for a large workspace. It is done by a process of its own, which nobody waits for: what it
would do is not needed, it only makes the next start quicker, and a start that comes first reads the history instead.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opstui.workspace import Workspace


def tidy_later(workspace: Workspace) -> None:
    """See to it that db.json is written soon, if it lags behind; failing costs nothing."""
    if workspace.lags():
        with suppress(OSError):
            subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-m", "opstui.cli.tidying", str(workspace.path.absolute())],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )


def tidy(path: Path) -> None:
    """Bring db.json of the workspace up to date."""
    from opstui.workspace import open_workspace  # noqa: PLC0415 - in the other process only

    workspace = open_workspace(path, lambda: datetime.now(UTC))
    try:
        workspace.checkpoint()
    finally:
        workspace.close()


if __name__ == "__main__":
    with suppress(Exception):
        tidy(Path(sys.argv[1]))
