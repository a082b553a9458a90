"""Real processes and real files, in a few seconds: kills, cut bytes, many writers. `make soak` does more of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from soak.cuts import cut_the_last_line, spoil_a_middle_line

TESTS = Path(__file__).parents[1]


def test_kills_cuts_and_crowds_lose_nothing_and_it_is_said() -> None:
    """In a process of its own, because it forks."""
    done = subprocess.run(
        [sys.executable, "-m", "soak", "--quick", "--real"], cwd=TESTS, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    said = dict(re.findall(r"^(crash points|I/O errors|kills|lost): (\d+)$", done.stdout, re.MULTILINE))
    assert said == {"crash points": "0", "I/O errors": "0", "kills": "10", "lost": "0"}
    assert "plain TinyDB, the same 10 kills: lost " in done.stdout
    assert "50 sessions, 4 of them writing: 20 batches, one state\n" in done.stdout


def test_a_last_line_cut_at_any_byte_counts_for_nothing(tmp_path: Path) -> None:
    cuts = cut_the_last_line(tmp_path / "w", every=13)
    assert cuts.wrong == []
    assert cuts.tried > 100


def test_a_spoilt_byte_in_the_middle_is_refused(tmp_path: Path) -> None:
    cuts = spoil_a_middle_line(tmp_path / "w", every=5)
    assert cuts.wrong == []
    assert cuts.tried > 100
