"""The shape of the program, held by tests: which way imports point, what a start may load, and what stays pure."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

CHECKOUT = Path(__file__).parents[1]
SOURCE = CHECKOUT / "src" / "opstui"
PURE = sorted(path for folder in ("domain", "metrics", "projections") for path in (SOURCE / folder).rglob("*.py"))
IMPURE_MODULES = {"io", "logging", "os", "random", "secrets", "socket", "subprocess", "sys", "threading", "time"}
IMPURE_CALLS = {"now", "utcnow", "today", "open", "print", "input", "getenv", "read_text", "write_text"}


def loaded_by(module: str, *among: str) -> list[str]:
    """Which of the packages `among` a fresh interpreter has loaded after importing `module`."""
    code = f"import {module}, sys; print(*({{name.split('.')[0] for name in sys.modules}} & set({among!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return sorted(done.stdout.split())


def test_every_import_points_the_right_way(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(CHECKOUT)
    broken = lint_imports(no_cache=True)
    assert not broken, capfd.readouterr().out


def test_daily_figures_are_read_through_the_one_reader_that_leaves_out_what_was_taken_back() -> None:
    outside = (path for path in SOURCE.rglob("*.py") if path.parent.name != "domain")
    assert [path.name for path in outside if 'items("metrics")' in path.read_text("utf-8")] == []


VERBS = sorted(f"opstui.cli.{path.stem}" for path in (SOURCE / "cli").glob("[a-z]*.py"))


@pytest.mark.parametrize("module", ["opstui.workspace", "opstui.projections", "opstui.cli", *VERBS])
def test_no_verb_pays_for_the_console_or_for_validation(module: str) -> None:
    assert loaded_by(module, "textual", "rich", "pydantic", "pydantic_core") == []


def test_the_settings_are_read_without_pydantic() -> None:
    assert loaded_by("opstui.config", "pydantic", "tinydb", "textual") == []


def impurities(source: str) -> list[str]:
    """Imports and calls by which a module reaches for the clock, a file or the terminal."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found += [name.name for name in names if name.name.split(".")[0] in IMPURE_MODULES]
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in IMPURE_MODULES:
                found.append(module)
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in IMPURE_CALLS:
                found.append(f"{name}(), line {node.lineno}")
            case _:
                pass
    return found


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_pure_part_reaches_for_no_clock_file_or_terminal(path: Path) -> None:
    assert impurities(path.read_text("utf-8")) == []


def test_an_impurity_would_be_found() -> None:
    assert impurities("import time\nfrom os import path\nx = datetime.now()\nopen('a')") == [
        "time",
        "os",
        "now(), line 3",
        "open(), line 4",
    ]
