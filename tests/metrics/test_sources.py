"""A formula that nobody can look up is a formula that nobody can check."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import opstui.metrics

FOLDER = Path(opstui.metrics.__file__).parent
NO_FORMULAS = {"__init__", "track"}
"""`track` is what formulas read."""
FORMULAS = [
    pytest.param(node, id=f"{path.stem}.{node.name}")
    for path in sorted(FOLDER.glob("*.py"))
    if path.stem not in NO_FORMULAS
    for node in ast.parse(path.read_text("utf-8")).body
    if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
]


@pytest.mark.parametrize("node", FORMULAS)
def test_every_public_formula_names_its_source(node: ast.FunctionDef) -> None:
    assert "Source: " in (ast.get_docstring(node) or "")
