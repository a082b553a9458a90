"""Files: whole or not at all, inside their folder, never over what a person wrote."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.domain.model import Refused
from opstui.exports import files
from opstui.exports.files import SIDECAR, export_name, slug, write_export, write_pieces, write_to


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Promo 9.9: Kopi & Teh!", "promo-9-9-kopi-teh"),
        ("Café déjà vu", "cafe-deja-vu"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con-x"),
        ("lpt1", "lpt1-x"),
        ("日本語", "untitled"),
        ("", "untitled"),
        ("x" * 200, "x" * 48),
        ("a" * 47 + " b", "a" * 47),
    ],
)
def test_slugs(title: str, expected: str) -> None:
    assert slug(title) == expected


@given(st.text())
def test_any_title_makes_a_lawful_name(title: str) -> None:
    name = export_name(date(2026, 9, 14), "campaign", "PM-2026-009", title)
    assert name.startswith("2026-09-14-campaign-pm-2026-009-")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert name.count(".") == 1


def test_an_export_is_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    assert write_export(folder, "a.md", "one\n") == files.Written(folder / "a.md", changed=True)
    assert not write_export(folder, "a.md", "one\n").changed
    assert write_export(folder, "a.md", "two\n") == files.Written(folder / "a.md", changed=True)
    assert sorted(p.name for p in folder.iterdir()) == [SIDECAR, "a.md"]
    assert (folder / "a.md").read_bytes() == b"two\n"


def test_what_was_edited_by_hand_stays(tmp_path: Path) -> None:
    write_export(tmp_path, "a.md", "one\n")
    (tmp_path / "a.md").write_text("mine\n")
    second = write_export(tmp_path, "a.md", "two\n")
    assert (second.path.name, second.kept, second.changed) == ("a-r2.md", tmp_path / "a.md", True)
    assert write_export(tmp_path, "a.md", "three\n").path.name == "a-r2.md"
    (tmp_path / "a-r2.md").write_text("mine too\n")
    third = write_export(tmp_path, "a.md", "four\n")
    assert (third.path.name, third.kept) == ("a-r3.md", tmp_path / "a-r2.md")
    assert [(tmp_path / n).read_text() for n in ("a.md", "a-r2.md", "a-r3.md")] == ["mine\n", "mine too\n", "four\n"]


@pytest.mark.parametrize("record", [None, b"", b"[1]", b"\xff{", b'{"a.md": {"a": 1}}', b"[" * 100_000])
def test_without_a_readable_record_every_file_counts_as_edited(tmp_path: Path, record: bytes | None) -> None:
    write_export(tmp_path, "a.md", "one\n")
    (tmp_path / SIDECAR).unlink()
    if record is not None:
        (tmp_path / SIDECAR).write_bytes(record)
    assert write_export(tmp_path, "a.md", "two\n").path.name == "a-r2.md"
    assert (tmp_path / "a.md").read_text() == "one\n"


def test_a_moved_workspace_still_knows_its_exports(tmp_path: Path) -> None:
    write_export(tmp_path / "old", "a.md", "one\n")
    (tmp_path / "old").rename(tmp_path / "new")
    assert write_export(tmp_path / "new", "a.md", "two\n").path.name == "a.md"


@pytest.mark.parametrize("name", ["../a.md", "x/a.md", "/etc/a.md", ".hidden", "", "a\0.md", "a\n.md"])
def test_a_name_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        write_export(tmp_path / "exports", name, "x")
    assert not (tmp_path / "exports").exists()


def test_links_are_never_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("theirs\n")
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.md").symlink_to(outside)
    (folder / "b.md").symlink_to(tmp_path / "nothing")
    assert write_export(folder, "a.md", "ours\n").path.name == "a-r2.md"
    assert write_export(folder, "b.md", "ours\n").path.name == "b-r2.md"
    assert outside.read_text() == "theirs\n"


def test_a_file_of_the_users_choice(tmp_path: Path) -> None:
    record, target = tmp_path / "exports" / SIDECAR, tmp_path / "mine.md"
    target.write_text("mine\n")
    assert write_to(target, "ours\n", record=record).path == tmp_path / "mine-r2.md"
    assert target.read_text() == "mine\n"
    assert write_to(tmp_path / "new.md", "1\n", record=record).changed
    assert write_to(tmp_path / "new.md", "2\n", record=record).path == tmp_path / "new.md"
    assert str(tmp_path) not in record.read_text()
    assert len(json.loads(record.read_text())) == 2


def test_devices_are_written_as_they_are(tmp_path: Path) -> None:
    assert write_to(Path("/dev/null"), "x", record=tmp_path / SIDECAR).changed
    write_pieces(Path("/dev/null"), ["x"])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("target", ["nowhere/a.md", ".", "file/a.md"])
def test_what_cannot_be_written_is_refused_with_the_reason(tmp_path: Path, target: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused, match=target.split("/", maxsplit=1)[0] if target != "." else "folder"):
        write_to(tmp_path / target, "x", record=tmp_path / SIDECAR)
    with pytest.raises(Refused):
        write_pieces(tmp_path / target, ["x"])
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_failing_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_export(tmp_path, "a.md", "one\n")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="No space left"):
        write_export(tmp_path, "a.md", "two\n")
    assert (tmp_path / "a.md").read_text() == "one\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == [SIDECAR, "a.md"]


def test_a_record_that_cannot_be_written_is_named_and_nothing_is_changed(tmp_path: Path) -> None:
    target, record = tmp_path / "mine.md", tmp_path / "file" / SIDECAR
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused, match=r"\.exports\.json cannot be written"):
        write_to(target, "ours\n", record=record)
    (tmp_path / SIDECAR).mkdir()
    with pytest.raises(Refused, match=r"\.exports\.json cannot be written"):
        write_to(target, "ours\n", record=tmp_path / SIDECAR)
    assert sorted(p.name for p in tmp_path.iterdir()) == [SIDECAR, "file"]


def test_an_interruption_between_record_and_file_leaves_both_texts_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_export(tmp_path, "a.md", "one\n")
    replace = Path.replace

    def broken(self: Path, target: Path) -> Path:
        if target.name == "a.md":
            raise OSError(5, "Input/output error")
        return replace(self, target)

    with monkeypatch.context() as failing:
        failing.setattr(Path, "replace", broken)
        with pytest.raises(Refused, match="Input/output error"):
            write_export(tmp_path, "a.md", "two\n")
    assert (tmp_path / "a.md").read_text() == "one\n"
    assert write_export(tmp_path, "a.md", "three\n") == files.Written(tmp_path / "a.md", changed=True)
    assert write_export(tmp_path, "a.md", "four\n") == files.Written(tmp_path / "a.md", changed=True)


def test_a_record_of_an_earlier_version_is_understood(tmp_path: Path) -> None:
    write_export(tmp_path, "a.md", "one\n")
    record = tmp_path / SIDECAR
    record.write_text(json.dumps({name: hashes[-1] for name, hashes in json.loads(record.read_text()).items()}))
    assert write_export(tmp_path, "a.md", "two\n").path.name == "a.md"


@pytest.mark.parametrize("name", ["x" * 300, "x" * 5000, "loop"])
def test_a_name_that_the_system_does_not_take_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(Refused, match="cannot be written"):
        write_pieces(tmp_path / name, ["x"])
    if name != "loop":
        with pytest.raises(Refused, match="cannot be written"):
            write_to(tmp_path / name, "x", record=tmp_path / SIDECAR)
    assert [p.name for p in tmp_path.iterdir()] == ["loop"]


def test_write_text_replaces(tmp_path: Path) -> None:
    target = tmp_path / "cards.csv"
    write_pieces(target, ["a\r\n"])
    write_pieces(target, ["b\r\n"])
    assert target.read_bytes() == b"b\r\n"
    (tmp_path / "link.csv").symlink_to(target)
    write_pieces(tmp_path / "link.csv", ["c\r\n"])
    assert target.read_bytes() == b"c\r\n"
