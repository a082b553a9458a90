"""Where a shell ends: closed pipes and descriptors, full disks, other encodings, places that are no files."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.calls import Opstui
from opstui.store import syscalls as fs

ADD = ("card", "add", "orders", "kopi 咖啡 ☕")


def process(words: Sequence[str], shell: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Call opstui as a process of its own, with shell redirections behind it."""
    script = f'"$0" -m opstui "$@" {shell}'
    command = ["bash", "-c", script, sys.executable, *words]
    return subprocess.run(
        command, capture_output=True, text=True, errors="replace", env={**os.environ, **env}, check=False
    )


def refs(opstui: Opstui) -> list[str]:
    return opstui("board", "orders", "--plain").out.split()


def test_a_reader_that_left_is_no_failure(opstui: Opstui) -> None:
    for words in (ADD, ("--help",), ("card", "add", "--help"), ("export", "cards")):
        read, write = os.pipe()
        os.close(read)
        command = [sys.executable, "-m", "opstui", *words]
        done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
        os.close(write)
        assert (done.returncode, done.stderr) == (0, "")
    assert refs(opstui) == ["ORD-0001"]


@pytest.mark.parametrize("shell", [">&-", ">&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_closed_stdout_is_no_failure(opstui: Opstui, shell: str, form: tuple[str, ...]) -> None:
    done = process((*ADD, *form), shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert refs(opstui) == ["ORD-0001"], "and the journal did not take its place"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_behind_stdout_is_told(opstui: Opstui) -> None:
    done = process(ADD, "> /dev/full")
    assert done.returncode == 3
    assert done.stderr == ("the answer could not be written (No space left on device); what was asked for is done\n")
    assert refs(opstui) == ["ORD-0001"]
    assert "could not be written" in process(("--help",), "> /dev/full", PYTHONUNBUFFERED="").stderr
    for buffered in ("", "1"):
        assert process(("card", "show", "ORD-9"), "2> /dev/full", PYTHONUNBUFFERED=buffered).returncode == 1
        assert process(("card", "sow"), "2> /dev/full", PYTHONUNBUFFERED=buffered).returncode == 2


def test_another_encoding_shows_what_it_can(opstui: Opstui) -> None:
    opstui(*ADD)
    done = process(("board", "orders"), PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, "")
    assert r"kopi \u5496\u5561" in done.stdout
    answer = process(("card", "show", "ORD-0001", "--json"), PYTHONIOENCODING="latin-1")
    assert json.loads(answer.stdout)["title"] == "kopi 咖啡 ☕"


def test_a_folder_that_is_gone(opstui: Opstui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    monkeypatch.delenv("OPSTUI_WORKSPACE")
    gone.rmdir()
    answer = opstui("board", "orders")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "-w DIR" in answer.err
    assert opstui("-w", "x" * 5000, "board", "orders").code == 1


OWN = [
    "W/opstui.toml",
    "W/data/db.json",
    "W/data/journal/00000001.jsonl",
    "W/data/new.csv",
    "link",
    "W/exports/../data/x",
]
OWN += ["other/data/journal/00000001.jsonl", "W/exports/.exports.json"]


@pytest.mark.parametrize("target", OWN)
@pytest.mark.parametrize("verb", [("export", "events"), ("export", "cards"), ("postmortem", "export", "ORD-0001")])
def test_an_export_never_overwrites_a_workspace(
    opstui: Opstui, tmp_path: Path, verb: tuple[str, ...], target: str
) -> None:
    opstui("init", "other")
    opstui(*ADD)
    opstui("postmortem", "new", "ORD-0001")
    (tmp_path / "link").symlink_to("W/data/journal/00000001.jsonl")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    answer = opstui(*verb, "-o", target)
    assert (answer.code, answer.err) == (1, f"{target} belongs to the workspace itself; export to another file\n")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("verb", [("export", "events"), ("postmortem", "export", "ORD-0001")])
@pytest.mark.parametrize("target", ["x" * 300, "W/opstui.toml/x", "loop"])
def test_an_export_to_what_cannot_be_a_file_is_refused(
    opstui: Opstui, tmp_path: Path, verb: tuple[str, ...], target: str
) -> None:
    opstui(*ADD)
    opstui("postmortem", "new", "ORD-0001")
    (tmp_path / "loop").symlink_to("loop")
    answer = opstui(*verb, "-o", target)
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "cannot be written: " in answer.err


def test_an_export_elsewhere_is_written(opstui: Opstui, tmp_path: Path) -> None:
    opstui(*ADD)
    assert opstui("export", "cards", "-o", "out.csv").code == 0
    (tmp_path / "W" / "exports").mkdir()
    assert opstui("export", "cards", "-o", "W/exports/out.csv").code == 0
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "W/exports/out.csv").read_bytes()


def test_a_viewer_exports_no_post_mortem(opstui: Opstui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opstui(*ADD)
    opstui("postmortem", "new", "ORD-0001")
    monkeypatch.setattr("opstui.cli.session.login", lambda: "guest")
    assert opstui("postmortem", "show", "ORD-0001").code == 0
    answer = opstui("postmortem", "export", "ORD-0001")
    refused = (1, "guest (viewer) may not export order; ask an owner or ops lead\n")
    assert (answer.code, answer.err) == refused
    for what in ("cards", "events", "kpi"):
        answer = opstui("export", what, "orders")
        assert (answer.code, answer.err) == refused
    assert not (tmp_path / "W" / "exports").exists()


KPI = [
    (("--to", "0001-01-01"), 2),
    (("--from", "0001-01-01", "--to", "9999-12-31"), 2),
    (("--from", "-9999m"), 2),
    (("--from", "1900-01-01", "--to", "2200-12-31"), 0),
    (("--to", "1900-01-01"), 0),
]


@pytest.mark.parametrize(("words", "code"), KPI, ids=str)
def test_kpi_at_the_edges_of_time(opstui: Opstui, words: tuple[str, ...], code: int) -> None:
    opstui(*ADD, "--set", "due=2200-12-31")
    answer = opstui("kpi", *words)
    assert (answer.code, "fault" in answer.err) == (code, False)
    assert code == 0 or "between 1900 and 2200" in answer.err


SETS = [
    ("sensitive=maybe", 1, "sensitive: yes or no"),
    ("sensitive=true", 0, ""),
    ("total=-1", 1, "total: an amount is not below zero"),
    ("total=" + "9" * 5000, 1, "total: an amount has at most 15 digits"),
    ("total=" + "9" * 23, 1, "total: an amount has at most 15 digits"),
    ("title=", 1, "title: a card needs a title"),
    ("id=3", 1, "'id' is no field of order cards"),
    ("due=9999-12-31", 1, "due: a day lies between 1900 and 2200"),
    ("currency=USD", 1, "currency: total is in IDR; say the amount in USD"),
]


@pytest.mark.parametrize(("pair", "code", "said"), SETS, ids=[pair[:20] for pair, _, _ in SETS])
def test_what_set_takes(opstui: Opstui, pair: str, code: int, said: str) -> None:
    opstui(*ADD, "--set", "total=1900000")
    answer = opstui("card", "edit", "ORD-0001", "--set", pair)
    assert answer.code == code
    assert answer.err.startswith(said)
    assert answer.err.count("\n") == (1 if said else 0)


NEWER = b'{"n":2,"v":2,"whatever":[]'


def test_who_looks_at_a_store_that_a_newer_opstui_wrote_is_told_once(opstui: Opstui, tmp_path: Path) -> None:
    with (tmp_path / "W" / "data" / "journal" / "00000001.jsonl").open("ab") as journal:
        journal.write(b'%b,"crc":"%08x"}\n' % (NEWER, zlib.crc32(NEWER)))
    told = "batch 2 was written by a newer opstui; nothing was changed. Leave, and start the newer opstui\n"
    for words in (("board", "orders"), ("kpi", "--json"), ("export", "cards")):
        looked = opstui(*words)
        assert (looked.code, looked.err) == (0, f"the latest changes are not shown: {told}")
    changed = opstui(*ADD)
    assert (changed.code, changed.err) == (3, told)


def test_who_may_only_look_is_told_once(opstui: Opstui, monkeypatch: pytest.MonkeyPatch) -> None:
    real = fs.open_file

    def read_only(file: Path, flags: int) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
        return real(file, flags)

    monkeypatch.setattr(fs, "open_file", read_only)
    for words, code in ((("board", "orders"), 0), (ADD, 3)):
        answer = opstui(*words)
        assert (answer.code, answer.err.count("read-only for you"), len(answer.err.splitlines())) == (code, 1, 1)
