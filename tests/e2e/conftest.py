"""The program as people get it: the wheel is built once, installed into an environment of its own, and run from there.

Nothing is fetched: hatchling builds without isolation, and the dependencies are those of the environment the tests
run in, reached by a path file (whose own path files are not followed, so the checkout stays out of sight).
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

import pytest

from e2e.program import Installed, run

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=CHECKOUT)
    (built,) = folder.glob("opstui-*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel, installed."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    here = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    paths = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    Path(here, "dependencies.pth").write_text("\n".join(paths), "utf-8")
    install = ("install", "--quiet", "--no-index", "--no-deps", "--ignore-installed", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "--python", python, *install, wheel)
    return Installed(folder)
