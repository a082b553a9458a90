"""The installed program, as a test calls it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


def run(*words: str | Path, cwd: Path | None = None) -> str:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Installed:
    """An installed opstui: its environment's folder."""

    folder: Path

    @property
    def program(self) -> Path:
        """The `opstui` a shell would find."""
        return self.folder / "bin" / "opstui"

    def python(self, code: str) -> str:
        """What the environment's interpreter prints."""
        return run(self.folder / "bin" / "python", "-c", code).strip()

    def run(self, *words: str | Path, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run `opstui WORDS` without a terminal; its exit code has to be `code`."""
        done = subprocess.run(
            [self.program, *words], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        said = f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}\n{_log()}"
        assert done.returncode == code, f"opstui {words}: exit code {done.returncode}\n{said}"
        return done


def _log() -> str:
    """The end of the log, where a fault leaves its trace."""
    log = Path(os.environ["XDG_STATE_HOME"], "opstui", "opstui.log")
    return log.read_text("utf-8")[-4000:] if log.exists() else ""
