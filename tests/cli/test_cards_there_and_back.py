"""What `export cards --csv` writes, `import cards` takes into a fresh workspace unchanged."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.calls import Opstui
from opstui import cli
from opstui.demo import build_demo
from opstui.domain.model import Doc, fields_of
from opstui.workspace import Workspace, open_workspace

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
HOSTILE = ("=cmd|' /C calc'!A0", "'-5", "null", "NaN", "[bold]x[/]", '["a"]', 'a;b @ 5, "c"', "—", "@x", "1.234")


def held(workspace: Workspace) -> dict[str, Doc]:
    """Card -> everything that a table says about it."""
    found = {}
    for _id, doc in workspace.state.items("cards"):
        names = ["board", "stage", "created", "entered", *(field.name for field in fields_of(doc["kind"]))]
        found[doc["ref"]] = {name: doc[name] for name in names if name in doc}
    return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop") / "kopi"
    build_demo(folder, now=lambda: NOW, owner=cli.session.login()).close()
    return folder


def test_the_cards_of_the_sample_come_back(shop: Path, opstui: Opstui, tmp_path: Path) -> None:
    shutil.copyfile(shop / "opstui.toml", tmp_path / "W" / "opstui.toml")
    assert opstui("-w", str(shop), "export", "cards", "-o", "cards.csv").code == 0
    said = opstui("import", "cards", "cards.csv", "--json").json
    assert (said["refused"], said["repaired"]) == (0, 0)
    there, here = (open_workspace(folder, lambda: NOW) for folder in (shop, tmp_path / "W"))
    known = {doc["external_id"]: doc["ref"] for _id, doc in here.state.items("cards")}
    came = held(here)
    assert {ref: came[known[ref]] for ref in known} == held(there)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_and_other_currencies_come_back(text: str, opstui: Opstui, tmp_path: Path) -> None:
    fields = {"title": text, "customer": text, "currency": "BRL", "total": "1326.85", "sensitive": "yes", "city": text}
    sets = [word for name, value in fields.items() for word in ("--set", f"{name}={value}")]
    assert opstui("card", "add", "orders", text, *sets[2:]).code == 0
    text_of = opstui("export", "cards", "orders", "-o", "a.csv")
    assert text_of.code == 0
    assert "1326.85" in (tmp_path / "a.csv").read_text("utf-8")
    assert opstui("init", "V").code == 0
    assert opstui("-w", "V", "import", "cards", "a.csv").code == 0
    there, here = (first(open_workspace(tmp_path / name, lambda: NOW)) for name in ("W", "V"))
    assert here == there
    assert here["total"] == 132_685


def first(workspace: Workspace) -> dict[str, Any]:
    (found,) = held(workspace).values()
    return found
