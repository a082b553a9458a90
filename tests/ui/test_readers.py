"""Work that nobody waits for at the end."""

from __future__ import annotations

import subprocess
import sys

import pytest

from opstui.ui.readers import READERS


def test_what_was_worked_out_and_what_went_wrong_are_told() -> None:
    assert READERS.submit(divmod, 7, 2).result(5) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        READERS.submit(divmod, 7, 0).result(5)


def test_the_program_ends_without_it() -> None:
    program = "import time; from opstui.ui.readers import READERS; READERS.submit(time.sleep, 60)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
