"""The command line: who is calling, which workspace; wires everything once; thin verbs.

Data goes to stdout, reasons and progress to stderr. Exit codes: 0 done, 1 refused, 2 usage, 3 the store is damaged or
cannot be reached. Textual is imported only when the console opens, so that every verb works fast in a pipe.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from traceback import walk_tb
from typing import Any

import click

from opstui import __version__, faults
from opstui.cli.session import Session, at_console, mute, opened, say
from opstui.config import Malformed
from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.store.protocol import StoreError

DONE, REFUSED, USAGE, STORE = range(4)
_INTERRUPTED = 130


VERBS = {
    "init": "upkeep:init",
    "demo": "upkeep:demo",
    "board": "cards:board",
    "card": "cards:card",
    "kpi": "numbers:kpi",
    "stock": "stock:stock",
    "figures": "figures:figures",
    "import": "files:import_verb",
    "export": "files:export",
    "postmortem": "postmortems:postmortem",
    "doctor": "safety:doctor",
    "backup": "safety:backup",
    "restore": "safety:restore",
}
"""Verb -> module:name. A module is imported when its verb is asked for: a start pays for one verb, not for all."""


class Unanswered(Exception):  # noqa: N818 - it says what is the case
    """Stdout took no more: its reader left, or its disk is full. What was asked for is done all the same."""

    def __init__(self, reason: OSError) -> None:
        """`reason` is what writing ran into."""
        super().__init__(reason.strerror)
        self.errno = reason.errno


@contextmanager
def _answering() -> Iterator[None]:
    """Tell a failing stdout from every other failure: only `click.echo` writes there, and `say` forgives stderr.

    Done before click sees it, which would make of a reader that left (`| head -1`) an exit code 1.
    """
    try:
        yield
    except OSError as wrong:
        *_outer, innermost = (frame for frame, _line in walk_tb(wrong.__traceback__))
        if innermost.f_code is not click.echo.__code__:
            raise
        raise Unanswered(wrong) from None


class Verbs(click.Group):
    """The verbs, imported one at a time."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """Read the arguments; this may print the help."""
        with _answering():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Carry out the verb."""
        with _answering():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order in which people meet them."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name."""
        del ctx
        if cmd_name not in VERBS:
            return None
        module, _colon, name = VERBS[cmd_name].partition(":")
        verb: click.Command = getattr(import_module(f"opstui.cli.{module}"), name)
        return verb


@click.group(cls=Verbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-w",
    "--workspace",
    type=click.Path(path_type=Path),
    help="The workspace folder (else $OPSTUI_WORKSPACE, else upward from here).",
)
@click.version_option(__version__, prog_name="opstui")
@click.pass_context
def opstui(context: click.Context, workspace: Path | None) -> None:
    """A kanban and ops console in the terminal. Without a verb it opens the console."""
    session = context.obj = Session(workspace)
    context.call_on_close(session.close)
    if context.invoked_subcommand is None:
        context.exit(_console(session))


def _console(session: Session) -> int:
    if not at_console():
        say(_("the console needs a terminal; `opstui --help` lists the verbs that work in a pipe"))
        return USAGE
    from opstui.ui.paths import is_served  # noqa: PLC0415 - only for the console

    if not is_served(os.environ) and (none := session.missing()):
        from opstui.cli.start import start  # noqa: PLC0415 - only without a workspace

        return start(session, none)
    workspace = session.for_console()
    from opstui.ui.app import run_console  # noqa: PLC0415 - Textual, only for the console

    opened(workspace)
    return run_console(workspace, session.actor)


def main(argv: Sequence[str] | None = None) -> None:
    """Run one verb and leave with its exit code."""
    _fill_descriptors()
    sys.exit(run(argv))


def _fill_descriptors() -> None:
    """Where stdin, stdout or stderr is closed, put /dev/null: else the journal would be opened in its place."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def run(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns its exit code. Every failure is one line on stderr, never a trace."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = opstui.main(args=list(argv) if argv is not None else None, prog_name="opstui", standalone_mode=False)
    except click.exceptions.Abort:
        return _INTERRUPTED
    except click.ClickException as wrong:
        try:
            wrong.show()
        except OSError:
            mute(sys.stderr)
        return USAGE
    except Refused as no:
        say(str(no))
        return REFUSED
    except (StoreError, Malformed) as wrong:
        say(str(wrong))
        return STORE
    except Unanswered as lost:
        mute(sys.stdout)
        if lost.errno == errno.EPIPE:
            return DONE
        say(_("the answer could not be written ({reason}); what was asked for is done").format(reason=lost))
        return STORE
    except Exception as fault:  # noqa: BLE001 - the last door: the trace goes to the log, the person gets one line
        say(faults.record(fault))
        return STORE
    return int(code or DONE) if isinstance(code, int) else DONE
