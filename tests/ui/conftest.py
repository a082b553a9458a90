"""What every test of the console gets: patience. Keys are held for two seconds, which a busy machine may not have."""

from __future__ import annotations

import pytest

from opstui.ui import typeahead


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held keys are never given back by the clock, unless a test says so."""
    monkeypatch.setattr(typeahead, "PATIENCE", 60.0)
