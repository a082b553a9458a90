"""What is in the wheel, and that it works by itself, without a terminal and without the checkout."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

import opstui
from e2e.program import Installed

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("wheel")]


def test_the_wheel_carries_code_themes_sample_data_and_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for start, end in [
        ("opstui/themes/", ".toml"),
        ("opstui/sample_data/", ""),
        ("opstui/cli", ".py"),
        (f"opstui-{opstui.__version__}.dist-info/licenses/", "LICENSE"),
    ]:
        assert any(name.startswith(start) and name.endswith(end) for name in names), f"{start}*{end}"
    assert not [name for name in names if name.startswith(("tests", "bench", "docs")) or "__pycache__" in name]


def test_it_runs_from_the_environment_not_from_the_checkout(installed: Installed, tmp_path: Path) -> None:
    assert Path(installed.python("import opstui; print(opstui.__file__)")).is_relative_to(installed.folder)
    assert opstui.__version__ in installed.run("--version", cwd=tmp_path).stdout


def test_the_demo_without_a_terminal_prints_boards_numbers_and_a_post_mortem(
    installed: Installed, tmp_path: Path
) -> None:
    printed = installed.run("demo", cwd=tmp_path).stdout
    for text in ("ORD-", "CMP-", "FDB-"):
        assert text in printed
    assert "Post-mortem" in printed or "post-mortem" in printed
    assert list(tmp_path.iterdir()) == []


def test_first_steps(installed: Installed, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    installed.run("init", shop, "--name", "Kopi Lereng", cwd=tmp_path)
    made = installed.run("-w", shop, "card", "add", "orders", "12 x House Blend", "--json", cwd=tmp_path)
    ref = json.loads(made.stdout)["id"]
    installed.run("card", "move", ref, "payment", cwd=shop)
    board = json.loads(installed.run("board", "orders", "--json", cwd=shop).stdout)
    lanes = {stage["id"]: [card["id"] for card in stage["cards"]] for stage in board["stages"]}
    assert lanes["payment"] == [ref]
    assert not lanes["new"]
    assert {metric["id"] for metric in json.loads(installed.run("kpi", "--json", cwd=shop).stdout)["metrics"]}


def test_a_refusal_is_a_sentence_and_an_exit_code(installed: Installed, tmp_path: Path) -> None:
    installed.run("init", "shop", cwd=tmp_path)
    refused = installed.run("-w", "shop", "card", "add", "nowhere", "Title", cwd=tmp_path, code=1)
    assert "nowhere" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


def test_the_console_without_a_terminal_says_so(installed: Installed, tmp_path: Path) -> None:
    installed.run("init", "shop", cwd=tmp_path)
    assert "terminal" in installed.run("-w", "shop", cwd=tmp_path, code=2).stderr
