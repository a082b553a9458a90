"""What one call of the command line has at hand: the workspace, the caller, the clock, and ways to answer."""

from __future__ import annotations

import json
import os
import pwd
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

import click
import msgspec

from opstui.cli.tidying import tidy_later
from opstui.domain.commands import Command
from opstui.domain.model import Actor, Refused, clean
from opstui.i18n import _
from opstui.workspace import Receipt, Workspace, find_workspace, open_workspace


def now() -> datetime:
    """This moment; the only clock of the command line."""
    return datetime.now(UTC)


def login() -> str:
    """The unix login that really runs this; the environment ($USER) could say anything."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"


def say(text: str) -> None:
    """A reason or a report for the person: stderr, without anything that could steer the terminal.

    Nobody there to read it is no reason to fail.
    """
    try:
        click.echo(clean(text), err=True)
    except OSError:
        mute(sys.stderr)


def opened(workspace: Workspace) -> None:
    """A console opens on it: who starts one without naming a workspace is offered it."""
    from opstui.recent import remember  # noqa: PLC0415 - only the console is remembered
    from opstui.ui.paths import is_served  # noqa: PLC0415

    if not is_served(os.environ):
        remember(workspace.path, workspace.settings.name, now().isoformat(timespec="seconds"))


def mute(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere: else it fails once more at exit, and that becomes the exit code."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def tell(text: str) -> None:
    """Data for the person: stdout, cleaned likewise."""
    click.echo(clean(text))


def tell_json(value: Any) -> None:
    """Data for a program: one JSON document on stdout."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2 if on_terminal() else 0).decode()
    if not _writes_everything(sys.stdout):
        text = json.dumps(json.loads(text))
    click.echo(text)


def on_terminal() -> bool:
    """Whether a person at a terminal reads stdout; it may be closed (`>&-`)."""
    return sys.stdout is not None and sys.stdout.isatty()


def at_console() -> bool:
    """Whether somebody sits at a terminal that can show the console."""
    able = os.environ.get("TERM") not in ("dumb", "unknown")
    return able and sys.stdin is not None and sys.stdin.isatty() and on_terminal()


def _writes_everything(stream: TextIO | None) -> bool:
    return (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")


class NoWorkspace(Refused):
    """There is none where one was looked for: in `folder`, where one could be made; `named` by somebody or not."""

    def __init__(self, reason: str, folder: Path, *, named: bool) -> None:
        """`reason` is what a pipe is told."""
        super().__init__(reason)
        self.folder, self.named = folder, named


class Session:
    """One call: opens the workspace when a verb asks for it, and closes it at the end."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` is what -w said, if anything."""
        self._folder = folder
        self._open: Workspace | None = None
        self._caution = ""
        self._console = False

    @cached_property
    def folder(self) -> Path:
        """The workspace folder.

        Raises:
            NoWorkspace: there is none; the text says how to get one.
            Refused: it cannot be looked for.
        """
        named = self._folder or (Path(os.environ["OPSTUI_WORKSPACE"]) if os.environ.get("OPSTUI_WORKSPACE") else None)
        try:
            found = named or find_workspace(Path.cwd())
            is_folder = found is not None and found.is_dir()
        except OSError as wrong:
            reason = _("{path} cannot be read: {reason}; name a workspace with -w DIR")
            raise Refused(reason.format(path=named or _("this folder"), reason=wrong.strerror)) from None
        if found is None:
            reason = _("no workspace here; try `opstui demo`, `opstui init DIR`, or name one with -w DIR")
            raise NoWorkspace(reason, Path.cwd(), named=False)
        if not is_folder:
            reason = _("there is no folder {path}; `opstui init` makes a workspace").format(path=found)
            raise (Refused(reason) if os.path.lexists(found) else NoWorkspace(reason, found, named=True))
        return found

    def missing(self) -> NoWorkspace | None:
        """Why no console can open, where making a workspace would help."""
        try:
            folder = self.folder
        except NoWorkspace as none:
            return none
        bare = folder.is_dir() and not os.path.lexists(folder / "data")
        return NoWorkspace(_("{path} holds no workspace").format(path=folder), folder, named=True) if bare else None

    def may_write(self, target: Path) -> Path:
        """A file that someone named for an export: anything but what a workspace lives from.

        Raises:
            Refused: it lies in a workspace's data, is its settings or its record of exports, or cannot be a file.
        """
        from opstui.exports.targets import may_write  # noqa: PLC0415 - few verbs write files

        return may_write(target, self.folder)

    @property
    def workspace(self) -> Workspace:
        """The open workspace."""
        if self._open is None:
            self._open = open_workspace(self.folder, now)
            self._caution = self._open.caution
            store: Any = self._open.store
            store.on_wait = say
        return self._open

    def for_console(self) -> Workspace:
        """The open workspace, for somebody who has a terminal to get back: nothing long is done at the end."""
        self._console = True
        return self.workspace

    def adopt(self, workspace: Workspace) -> None:
        """Use a workspace that was just made."""
        self._open = workspace

    @cached_property
    def actor(self) -> Actor:
        """Who calls: the member of the unix login's name."""
        return self.workspace.member(login())

    def submit(self, *commands: Command, via: str = "cli") -> Receipt:
        """Carry out commands as the caller; warnings go to stderr."""
        workspace, actor = self.workspace, self.actor
        self._caution = ""  # what is wrong with the store is the answer then
        receipt = workspace.submit(actor, *commands, via=via)
        for warning in receipt.warnings:
            say(warning)
        return receipt

    def close(self) -> None:
        """Let go of the workspace, bringing db.json up to date when it has fallen far behind.

        What someone who only looked should know of the store is said here: below the data, where it is seen.
        """
        if self._caution:
            say(self._caution)
            self._caution = ""
        if self._open is not None:
            if self._console:
                tidy_later(self._open)
            else:
                self._open.checkpoint()
            self._open.close()
            self._open = None


pass_session: Callable[..., Any] = click.make_pass_decorator(Session)
