"""An open card in words."""

from __future__ import annotations

from typing import Any

import pytest

from opstui.projections.detail import target_text
from ui.shop import JAKARTA


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"metric": "cpa", "target": 45000.0, "baseline": 49000.0}, "CPA ≤ Rp 45.000 (before: Rp 49.000)"),
        ({"metric": "ctr", "target": 0.02, "baseline": 0.0153}, "CTR ≥ 2% (before: 1,53%)"),
        ({"metric": "roas", "target": 3.5}, "ROAS ≥ 3,5"),
        ({"metric": "conversions", "target": 1200.0, "baseline": 0.0}, "conversions ≥ 1.200 (before: 0)"),
    ],
)
def test_a_target_is_told_in_its_unit(row: dict[str, Any], told: str) -> None:
    assert target_text(row, "IDR", JAKARTA) == told
