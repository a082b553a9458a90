"""What sort of file system a workspace lies on, because not every one keeps the promises the store is built on.

A file system that other machines write to as well has locks that may hold on one machine only, and syncs that may
return too soon. Nobody would notice before the first loss, so opstui does not begin there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.protocol import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHARED = frozenset(
    [
        *("nfs", "nfs3", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "9p", "afs", "ncpfs"),
        *("coda", "sshfs", "s3fs", "rclone", "gcsfuse", "goofys", "curlftpfs", "glusterfs", "beegfs"),
        *("vboxsf", "vmhgfs", "prl_fs"),
    ]
)
"""File systems whose locks or syncs do not reach as far as their files, by the name the system gives them."""
_OCTAL = re.compile(r"\\([0-7]{3})")
_PRINTED = re.compile(r"^.*? on (/.*) \(([\w.+-]+)(?:, [^()]*)?\)$")


def expect_local(path: Path) -> None:
    """See that a workspace may live at `path` (its folder, or where it will be).

    Raises:
        StoreError: it lies on a network file system.
    """
    if fs.has_disk(path):
        return  # the common case, 50 times as fast as asking for all mounts
    kind = file_system(path)
    if is_shared(kind):
        raise StoreError(
            _(
                "{path} lies on a network file system ({kind}), which keeps neither locks nor writes as safe as "
                "needed; nothing was changed. Move the workspace to a disk of this machine, and let people come "
                "to it by SSH"
            ).format(path=path, kind=kind)
        )


def is_shared(kind: str) -> bool:
    """Whether a file system of this type is one that other machines write to, as fuse.sshfs is."""
    return kind.removeprefix("fuse.").removeprefix("osxfuse_").removeprefix("macfuse_") in SHARED


def file_system(path: Path) -> str:
    """The type of the file system at `path`: ext4, apfs, nfs4, fuse.sshfs; "" when that cannot be told."""
    try:
        table = fs.mounts()
    except (OSError, subprocess.SubprocessError):
        return ""
    mounts = mountinfo(table) if sys.platform == "linux" else printed(table)
    return kind_at(str(fs.real(path)), mounts)


def kind_at(path: str, mounts: Iterator[tuple[str, str]]) -> str:
    """The type at an absolute path: of the longest mount point above it, the last one where several are stacked."""
    found, longest = "", -1
    for point, kind in mounts:
        if len(point) >= longest and (point in ("/", path) or path.startswith(f"{point}/")):
            found, longest = kind, len(point)
    return found


def mountinfo(table: str) -> Iterator[tuple[str, str]]:
    r"""Mount point and type of each line of Linux' mountinfo; a space in a name is written \040 there."""
    for line in table.splitlines():
        before, _dash, after = line.partition(" - ")
        fields, kind = before.split(" "), after.split(" ", 1)[0]
        if len(fields) > 4 and kind:  # noqa: PLR2004 - the fifth field is the mount point
            yield _OCTAL.sub(lambda found: chr(int(found[1], 8)), fields[4]), kind


def printed(table: str) -> Iterator[tuple[str, str]]:
    """Mount point and type of each line that macOS' `mount` prints: `/dev/disk1s1 on / (apfs, local, journaled)`."""
    for line in table.splitlines():
        found = _PRINTED.match(line)
        if found:
            yield found[1], found[2]
