"""Where names lead: completion, several files, and that a served console stays in its workspace."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from opstui.ui.paths import Reach, is_served


@pytest.fixture
def reach(tmp_path: Path) -> Reach:
    """A working folder and a workspace, with a few files."""
    for name in ("here/orders.csv", "here/orders-old.csv", "here/my cards.csv", "here/.hidden", "shop/stock.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "here" / "olist").mkdir()
    return Reach((tmp_path / "here", tmp_path / "shop"))


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("or", "orders"),
        ("orders.", "orders.csv"),
        ("orders", "orders-old.csv"),
        ("ol", "olist/"),
        ("st", "stock.csv"),
        ("my", "my cards.csv"),
        ("zz", ""),
        ("", ""),
        (".h", ".hidden"),
    ],
)
def test_names_complete_as_in_a_shell(reach: Reach, typed: str, completed: str) -> None:
    assert reach.complete(typed) == completed


def test_the_names_that_fit_are_offered_without_hidden_ones(reach: Reach) -> None:
    assert reach.offer("o") == "olist/  orders-old.csv  orders.csv"
    assert ".hidden" not in reach.offer("")
    (reach.bases[0] / "ord\x1b[31mers").write_text("")
    (reach.bases[0] / "ord\u202eers").write_text("")
    assert reach.offer("or") == "orders-old.csv  orders.csv"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("orders.csv", ["orders.csv"]),
        ("my cards.csv", ["my cards.csv"]),
        ("orders.csv stock.csv", ["orders.csv", "stock.csv"]),
        ("'my cards.csv' orders.csv", ["my cards.csv", "orders.csv"]),
    ],
)
def test_one_file_whose_name_has_blanks_or_several(reach: Reach, typed: str, found: list[str]) -> None:
    assert [path.name for path in reach.files(typed)] == found


@pytest.mark.parametrize(
    ("typed", "why"), [("gone.csv", "is not there"), ("a\0b", "cannot be a path"), ("'a", "is not")]
)
def test_what_is_not_there_is_said(reach: Reach, typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        reach.files(typed)


@pytest.mark.parametrize("typed", ["../here/orders.csv", "/etc/passwd", "link/orders.csv", "~/x", "link"])
def test_a_served_console_stays_in_its_workspace(tmp_path: Path, reach: Reach, typed: str) -> None:
    shop = tmp_path / "shop"
    (shop / "link").symlink_to(tmp_path / "here")
    fenced = Reach.of(shop, {"OPSTUI_SERVED": "1"})
    if typed == "~/x":
        assert fenced.locate(typed) == shop / "~" / "x"
        return
    with pytest.raises(ValueError, match="served"):
        fenced.locate(typed)
    assert [name for name in fenced.matches("../here/") if "orders" in name] == []
    assert fenced.locate("stock.csv") == shop / "stock.csv"
    assert reach.locate("orders.csv").exists()


def test_who_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [is_served(env) for env in ({}, {"SSH_ORIGINAL_COMMAND": "kpi"}, {"OPSTUI_SERVED": "1"})] == [0, 1, 1]
    monkeypatch.chdir(tmp_path)
    assert Reach.of(tmp_path / "w", {}) == Reach((Path(os.getcwd()), tmp_path / "w"))  # noqa: PTH109
