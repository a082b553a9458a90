"""On what sort of file system a path lies, from what Linux and macOS tell; a workspace does not live on shared ones."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from opstui.domain.model import Refused
from opstui.store import syscalls as fs
from opstui.store.file import open_store
from opstui.store.place import file_system, is_shared, kind_at, mountinfo, printed
from opstui.store.protocol import StoreError
from opstui.store.restore import restore
from store.making import add, new_store

LINUX = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
30 27 0:40 / /srv rw,relatime shared:4 - ext4 /dev/vdb rw
31 30 0:41 / /srv/team\040files rw,relatime shared:7 master:2 - nfs4 server:/team rw,vers=4.2
32 31 0:42 / /srv/team\040files/local rw - xfs /dev/vdc rw
33 27 0:43 /deep/in /mnt/bind rw,relatime - btrfs /dev/vdd rw,subvol=/deep
34 27 0:44 / /net rw - autofs systemd-1 rw,fd=29
35 34 0:45 / /net rw - cifs //nas/share rw
36 27 0:46 / /home/a\134b rw - fuse.sshfs me@host: rw
""".strip()
MACOS = """
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//rina@nas._smb._tcp.local/shop on /Volumes/shop (1) (smbfs, nodev, nosuid, mounted by rina)
server:/x on y on /Volumes/on (nfs)
"""
WHERE = [
    ("/", "ext4"),
    ("/home/rina/shop", "ext4"),
    ("/srv", "ext4"),
    ("/srv/shop", "ext4"),
    ("/srv/team files", "nfs4"),
    ("/srv/team files/shop/data", "nfs4"),
    ("/srv/team files/local/shop", "xfs"),
    ("/srv/team files/locally", "nfs4"),
    ("/srv/team", "ext4"),
    ("/mnt/bind/x", "btrfs"),
    ("/net/shop", "cifs"),
    (r"/home/a\b/shop", "fuse.sshfs"),
]


@pytest.mark.parametrize(("path", "kind"), WHERE)
def test_linux_tells_by_the_longest_and_latest_mount_point(path: str, kind: str) -> None:
    assert kind_at(path, mountinfo(LINUX)) == kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/Users/rina/shop", "apfs"),
        ("/System/Volumes/Data/x", "apfs"),
        ("/Volumes/shop (1)/w", "smbfs"),
        ("/Volumes/on/w", "nfs"),
    ],
)
def test_macos_tells_by_what_mount_prints(path: str, kind: str) -> None:
    assert kind_at(path, printed(MACOS)) == kind


@pytest.mark.parametrize("table", ["", "nonsense\n", "1 2 3 - \n", " - ext4\n", "x on y (z\n"])
def test_a_table_that_makes_no_sense_tells_nothing(table: str) -> None:
    assert (kind_at("/a", mountinfo(table)), kind_at("/a", printed(table))) == ("", "")


@pytest.mark.parametrize(
    ("kind", "shared"),
    [(k, True) for k in ("nfs", "nfs4", "cifs", "smb3", "9p", "afs", "fuse.sshfs", "fuse.rclone", "macfuse_sshfs")]
    + [(k, False) for k in ("ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "fuse.ntfs-3g", "fuseblk", "")],
)
def test_which_are_shared(kind: str, shared: bool) -> None:
    assert is_shared(kind) is shared


def shared_at(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """As if a network file system were mounted there."""
    escaped = str(folder).replace(" ", r"\040")
    table = f"1 1 0:1 / / rw - ext4 /dev/vda rw\n2 1 0:2 / {escaped} rw - nfs4 server:/ rw\n"
    monkeypatch.setattr(fs, "mounts", lambda: table)
    monkeypatch.setattr(fs, "has_disk", lambda _path: False)
    monkeypatch.setattr("opstui.store.place.sys.platform", "linux")


def test_a_workspace_on_a_network_file_system_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my nas").mkdir()
    store = new_store(tmp_path / "my nas" / "w")
    add(store)
    assert store.backup(tmp_path / "here") == 1
    before = sorted(tmp_path.rglob("*"))
    shared_at(monkeypatch, tmp_path / "my nas")
    told = r"my nas/w/data lies on a network file system \(nfs4\).*nothing was changed\. Move the workspace to a disk"
    with pytest.raises(StoreError, match=told):
        open_store(store.path)
    (tmp_path / "alias").symlink_to(store.path)
    with pytest.raises(StoreError, match="network file system"):
        open_store(tmp_path / "alias")
    with pytest.raises(StoreError, match="network file system"):
        restore(tmp_path / "here", tmp_path / "my nas" / "again")
    (tmp_path / "alias").unlink()
    assert sorted(tmp_path.rglob("*")) == before
    assert open_store(tmp_path / "here").seq == 1


def test_a_backup_may_lie_on_one_and_is_restored_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    (tmp_path / "nas").mkdir()
    shared_at(monkeypatch, tmp_path / "nas")
    assert store.backup(tmp_path / "nas" / "b") == 1
    restore(tmp_path / "nas" / "b", tmp_path / "back")
    assert open_store(tmp_path / "back").seq == 1


@pytest.mark.parametrize("wrong", [OSError(2, "no"), subprocess.TimeoutExpired("mount", 5)])
def test_where_it_cannot_be_told_the_workspace_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: Exception
) -> None:
    def cannot() -> str:
        raise wrong

    add(new_store(tmp_path / "w"))
    monkeypatch.setattr(fs, "mounts", cannot)
    monkeypatch.setattr(fs, "has_disk", lambda _path: False)
    assert file_system(tmp_path) == ""
    assert open_store(tmp_path / "w").seq == 1


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no /dev/shm here")
def test_only_what_lies_on_a_block_device_has_a_disk(tmp_path: Path) -> None:
    assert not fs.has_disk(Path("/dev/shm"))
    assert not fs.has_disk(tmp_path / "not there")


def test_this_machine_tells_of_its_own_folder(tmp_path: Path) -> None:
    assert file_system(tmp_path)
    assert file_system(tmp_path / "not" / "there") == file_system(tmp_path)


def test_a_restore_goes_nowhere_into_the_backup(tmp_path: Path) -> None:
    add(new_store(tmp_path / "w"))
    with pytest.raises(Refused, match="in the backup itself"):
        restore(tmp_path / "w", tmp_path / "w" / "in")
