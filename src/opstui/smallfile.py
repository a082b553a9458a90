"""Settings, themes, keys and choices are small files that others may have put there: read as such, whatever they are.

A link to a device would never end, a pipe would never begin, and either would hold up the start of everyone.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from opstui.i18n import _

MOST = 1 << 20
"""Bytes that such a file may have."""


def read_small(path: Path) -> bytes:
    """What a small file holds.

    Raises:
        OSError: there is none, it cannot be read, is no ordinary file, or has more than `MOST` bytes; `strerror` says.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - it is open already
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, _("it is no ordinary file"), str(path))
        found = file.read(MOST + 1)
    if len(found) > MOST:
        raise OSError(errno.EFBIG, _("it is larger than {n} bytes").format(n=MOST), str(path))
    return found
