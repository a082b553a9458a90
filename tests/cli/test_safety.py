"""doctor, backup and restore as an administrator meets them: words, JSON and exit codes."""

from __future__ import annotations

import os
import pwd
import shutil
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from cli.calls import Opstui
from opstui.store import lock
from opstui.store import syscalls as fs
from store.damage import reseal

JOURNAL = Path("W/data/journal/00000001.jsonl")
ADD = ("card", "add", "orders", "kept")


def test_a_sound_workspace(opstui: Opstui) -> None:
    opstui(*ADD)
    answer = opstui("doctor")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[-1] == "sound"
    assert answer.out.splitlines()[-2].startswith("1 card (orders 1), 2 changes, 2 events, ")
    said = opstui("doctor", "--json").json
    assert (said["schema"], said["sound"], said["findings"]) == ("opstui.doctor/1", True, [])
    assert said["holds"].items() >= {"cards": {"orders": 1}, "batches": 2, "events": 2, "segments": 1}.items()


def test_a_torn_tail_and_a_stale_file_are_mended_and_exit_0(opstui: Opstui) -> None:
    opstui(*ADD)
    with JOURNAL.open("ab") as journal:
        journal.write(b'{"n":3,')
    Path("W/data/db.json.tmp").touch()
    answer = opstui("doctor")
    assert answer.code == 0
    assert "MENDED data/journal/00000001.jsonl: 7 bytes of an unfinished write" in answer.out
    assert "MENDED data/db.json.tmp: " in answer.out
    assert answer.out.count("  -> ") == 2
    assert opstui("doctor").out.startswith("NOTE data/torn-3: ")
    assert opstui(*ADD).code == 0


def test_a_workspace_that_does_not_open_is_told_and_rebuilt(opstui: Opstui) -> None:
    opstui(*ADD)
    snapshot = Path("W/data/db.json")
    snapshot.write_text(snapshot.read_text().replace('"ids":{}', '"ids":{}, "x": 7'))
    refused = opstui("board", "orders")
    assert (refused.code, "another program changed it" in refused.err) == (3, True)
    answer = opstui("doctor", "--json")
    assert (answer.code, answer.json["sound"]) == (3, False)
    assert [finding["code"] for finding in answer.json["findings"]] == ["snapshot-edited"]
    assert "`opstui doctor --rebuild`" in answer.json["findings"][0]["next"]
    made = opstui("doctor", "--rebuild")
    assert made.code == 0
    assert made.err == "made data/db.json anew from 2 changes; the one before is kept as data/db.json.old-1\n"
    assert opstui("board", "orders", "--plain").out == "ORD-0001\n"


def test_damage_in_the_middle_says_how_far_it_is_good_and_what_to_do(opstui: Opstui) -> None:
    for _n in range(3):
        opstui(*ADD)
    assert opstui("backup", "B").code == 0
    whole = JOURNAL.read_bytes()
    opstui(*ADD)
    later = JOURNAL.read_bytes()[len(whole) :]
    JOURNAL.write_bytes(whole)
    JOURNAL.write_bytes(JOURNAL.read_bytes().replace(b'"ORD-0002"', b'"ORD-0009"', 1))
    answer = opstui("doctor")
    assert answer.code == 3
    assert answer.out.startswith("ERROR data/journal/00000001.jsonl, byte ")
    assert "The history is good up to batch 2 " in answer.out
    assert "batch 4 behind it is whole" in answer.out
    assert "opstui restore BACKUP NEW-FOLDER" in answer.out
    assert opstui("doctor", "--rebuild").code == 3
    assert opstui("backup", "C").code == 3
    assert opstui("restore", "W", "R").code == 3
    with JOURNAL.open("ab") as journal:
        journal.write(later)
    back = opstui("restore", "B", "R", "--newer-from", "W")
    assert (back.code, back.err.splitlines()[0]) == (0, "1 change from beyond the backup came along")
    assert opstui("-w", "R", "doctor").code == 0
    assert opstui("-w", "R", "board", "orders", "--plain").out == "ORD-0001\nORD-0002\nORD-0003\nORD-0004\n"


def test_what_did_not_come_along_is_told_for_somebody_to_enter_again(opstui: Opstui) -> None:
    opstui(*ADD)
    assert opstui("backup", "B").code == 0
    for _n in range(3):
        opstui(*ADD)
    assert opstui("doctor", "--rebuild").code == 0
    raw = JOURNAL.read_bytes().splitlines(keepends=True)
    JOURNAL.write_bytes(b"".join([*raw[:3], b"x\n", raw[4]]))
    answer = opstui("doctor")
    assert "db.json holds the state up to batch 5: 4 cards" in answer.out
    refused = opstui("backup", "C")
    assert (refused.code, Path("C").exists()) == (3, False)
    assert "W itself is damaged, so no backup was made of it" in refused.err
    assert "batch 5 behind it is whole. Next: " in refused.err
    assert "W doctor` tells everything" in refused.err
    back = opstui("restore", "B", "R", "--newer-from", "W")
    assert back.code == 0
    said = back.err.splitlines()
    assert said[:2] == [
        "1 change from beyond the backup came along",
        "batch 4 is damaged and did not come along",
    ]
    user = pwd.getpwuid(os.getuid()).pw_name
    assert said[3].startswith("  batch 5, 20")
    assert said[3].endswith(f" Asia/Jakarta, {user}: created (ORD-0004)")
    told = opstui("restore", "B", "S", "--newer-from", "W", "--json").json
    assert (told["newer"], told["lost"]) == (1, [4])
    (left,) = told["left"]
    assert (left["n"], left["by"], left["kinds"], left["cards"]) == (5, user, ["created"], ["ORD-0004"])


def test_a_journal_that_is_gone_is_told_in_json_too(opstui: Opstui) -> None:
    opstui(*ADD)
    shutil.rmtree("W/data/journal")
    answer = opstui("doctor", "--json")
    assert (answer.code, answer.json["sound"]) == (3, False)
    assert [(f["code"], f["place"]) for f in answer.json["findings"]] == [("journal-damaged", "data/journal")]


def test_a_contradiction_is_not_backed_up_and_the_workspace_is_named(opstui: Opstui) -> None:
    opstui(*ADD)
    raw = JOURNAL.read_bytes().splitlines(keepends=True)
    user = pwd.getpwuid(os.getuid()).pw_name.encode()
    JOURNAL.write_bytes(raw[0] + reseal(raw[1], b'"cards",1,[null,', b'"cards",1,[{"ref":"%b"},' % user))
    answer = opstui("backup", "B")
    assert (answer.code, Path("B").exists()) == (3, False)
    assert "W itself is damaged, so no backup was made of it. batch 2, cards 1: " in answer.err


def test_a_backup_without_settings_says_so(opstui: Opstui) -> None:
    Path("W/opstui.toml").unlink()
    answer = opstui("backup", "B")
    assert (answer.code, "W has lost its opstui.toml" in answer.err, Path("B").exists()) == (3, True, False)


def test_backup_and_restore_say_what_they_hold(opstui: Opstui) -> None:
    opstui(*ADD)
    opstui("card", "add", "campaigns", "Promo")
    answer = opstui("backup", "B")
    held = "2 cards (campaigns 1, orders 1), 3 changes, 3 events, "
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.startswith(f"backed up to B and looked through: {held}")
    assert ", 3 events, members 1, " in answer.err
    assert ", the last change is 3, of 20" in answer.err
    assert answer.err.endswith(" Asia/Jakarta\n")
    back = opstui("restore", "B", "R")
    assert (back.code, back.err.splitlines()[0].startswith(f"restored to R: {held}")) == (0, True)
    assert back.err.splitlines()[1].startswith("next: opstui -w R; ")
    said = opstui("backup", "C", "--json").json
    assert (said["schema"], said["path"], said["holds"]["cards"]) == (
        "opstui.backup/1",
        "C",
        {"campaigns": 1, "orders": 1},
    )
    assert opstui("restore", "C", "S", "--json").json["holds"] == said["holds"]


REFUSED = [
    (("restore", "B", "W"), 1, "not an empty folder"),
    (("restore", "B", "B/in"), 1, "in the backup itself"),
    (("restore", "nothing", "R"), 3, "nothing is no backup (it has no data); nothing was made"),
    (("restore", "B"), 2, "TARGET"),
    (("backup", "B"), 1, "is not empty"),
    (("-w", "nothing", "doctor"), 1, "there is no folder nothing"),
    (("-w", "empty", "doctor"), 3, "is not a workspace"),
    (("-w", "empty", "doctor", "--rebuild"), 3, "is not a workspace"),
]


@pytest.mark.parametrize(("words", "code", "said"), REFUSED, ids=[" ".join(words) for words, _, _ in REFUSED])
def test_what_is_refused(opstui: Opstui, words: tuple[str, ...], code: int, said: str) -> None:
    opstui("backup", "B")
    Path("empty").mkdir()
    answer = opstui(*words)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_a_workspace_on_a_network_file_system(opstui: Opstui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fs, "mounts", lambda: "1 1 0:1 / / rw - nfs4 server:/ rw\n")
    monkeypatch.setattr(fs, "has_disk", lambda _path: False)
    for words in (("board", "orders"), ADD):
        answer = opstui(*words)
        assert (answer.code, answer.err.count("\n")) == (3, 1)
        assert "network file system (nfs4)" in answer.err
    answer = opstui("init", "V")
    assert (answer.code, "nothing was made" in answer.err, Path("V").exists()) == (3, True, False)
    assert opstui("doctor").code == 0


def test_who_waits_for_another_is_told_for_whom(opstui: Opstui, monkeypatch: pytest.MonkeyPatch) -> None:
    opstui(*ADD)
    monkeypatch.setattr(lock, "NOTICE_AFTER", 0.01)
    monkeypatch.setattr(lock, "GIVE_UP_AFTER", 0.02)
    fd = os.open("W/data/lock", os.O_RDWR)
    flock(fd, LOCK_EX)
    answer = opstui(*ADD)
    os.close(fd)
    user = pwd.getpwuid(os.getuid()).pw_name
    who = f"{user} (user {user}, pid {os.getpid()})"
    assert answer.code == 3
    assert answer.err.splitlines()[0] == f"waiting for {who} to finish writing"
    assert answer.err.splitlines()[1].startswith(f"{who} has been writing for 0 s and does not let go; nothing was")
