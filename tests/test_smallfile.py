"""Small files are read whatever somebody put in their place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from opstui.smallfile import MOST, read_small


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * MOST)
    assert read_small(tmp_path / "a") == b"x" * MOST
    (tmp_path / "link").symlink_to("a")
    assert len(read_small(tmp_path / "link")) == MOST


def test_what_never_ends_never_begins_or_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * (MOST + 1))
    with pytest.raises(OSError, match="larger than 1048576 bytes"):
        read_small(tmp_path / "large")
    (tmp_path / "zero").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    for name in ("zero", "pipe"):
        with pytest.raises(OSError, match="no ordinary file"):
            read_small(tmp_path / name)
    with pytest.raises(IsADirectoryError):
        read_small(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_small(tmp_path / "none")
