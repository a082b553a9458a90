"""What tests of imports are given: a context, and files written in one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opstui.imports.interface import Context


@pytest.fixture
def context() -> Context:
    """A shop in Jakarta, on 22 November 2026."""
    return Context(zone=ZoneInfo("Asia/Jakarta"), currency="IDR", now=datetime(2026, 11, 22, 5, tzinfo=UTC))


@pytest.fixture
def csv(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of these lines: csv("a,b", "1,2")."""

    def write(*lines: str, name: str = "export.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        return path

    return write
