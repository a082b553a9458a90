"""The console without a workspace: what the start screen offers, done with the means of the command line."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from opstui.cli.session import NoWorkspace, Session, login, now, opened
from opstui.i18n import _
from opstui.recent import DEMO, recent
from opstui.workspace import Workspace, create_workspace, open_workspace

if TYPE_CHECKING:
    from opstui.ui.longwork import Progress


def start(session: Session, none: NoWorkspace) -> int:
    """Offer a way to a workspace, and open the console on the one that was chosen. Exit code 0 when none was."""
    from opstui.ui.app import run_console  # noqa: PLC0415 - Textual, only for the console
    from opstui.ui.start import Offer, choose  # noqa: PLC0415

    offer = Offer(
        folder=none.folder,
        named=none.named,
        recent=tuple(recent()),
        now=now(),
        open=lambda path: open_workspace(path, now),
        demo=_demo,
        make=_make,
    )
    chosen, code = choose(offer)
    if chosen is None:
        return code
    workspace, greeting = chosen
    session.adopt(workspace)
    session.for_console()
    opened(workspace)
    return run_console(workspace, session.actor, greeting)


def _demo(progress: Progress) -> Workspace:
    from opstui.demo import build_demo  # noqa: PLC0415 - reads the sample, only here

    progress.begin(_("Making a sample shop"))
    return build_demo(Path(tempfile.mkdtemp(prefix=DEMO)) / "kopi", now=now, owner=login())


def _make(folder: Path, values: dict[str, str]) -> Workspace:
    return create_workspace(Path(os.path.abspath(folder)), now, owner=login(), **values)  # noqa: PTH100 - links stay
