"""Work that nobody waits for at the end."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from opstui.ui.readers import MANY, READERS, unswept


def test_what_was_worked_out_and_what_went_wrong_are_told() -> None:
    assert READERS.submit(divmod, 7, 2).result(5) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        READERS.submit(divmod, 7, 0).result(5)


def test_the_program_ends_without_it() -> None:
    program = "import time; from opstui.ui.readers import READERS; READERS.submit(time.sleep, 60)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)


def test_what_is_read_is_not_looked_through_for_garbage_again_and_again() -> None:
    gc.unfreeze()  # what others froze may be freed meanwhile
    begun, held = gc.get_freeze_count(), list[list[int]]()
    with unswept():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == begun
    try:
        with unswept():
            held += [[n] for n in range(2 * MANY)]
        assert gc.get_freeze_count() > begun + MANY
        assert gc.isenabled()
    finally:
        gc.unfreeze()
