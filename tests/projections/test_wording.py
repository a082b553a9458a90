"""Words of post-mortems that earn a warning, and those that do not though they look like it."""

from __future__ import annotations

import pytest

from opstui.projections.wording import action_remarks, remarks

NAMES = ("rina", "budi", "vendor-lensa", "x")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("", []),
        ("Budi forgot the link", ["blame"]),
        ("@budi was careless, again", ["blame"]),
        ("It was rina's fault", ["blame"]),
        ("vendor-lensa lalai mengirim berkas", ["blame"]),
        ("Budi lupa, rina ceroboh", ["blame"]),
        ("kesalahan Budi di gudang", ["blame"]),
        ("Rina disalahkan pelanggan", ["blame"]),
        ("kelalaian rina", ["blame"]),
        ("BUDI SALAH", ["blame"]),
        ("Somebody forgot the link", []),
        ("The link fault came on a quiet morning", []),
        ("Budi booked a second courier. The form forgot the address", []),
        ("Masalah ini dilihat budi", []),
        ("salah satu paket dibawa budi", []),
        ("The default of budi was kept", []),
        ("budiman forgot", []),
        ("x forgot", []),
        ("Budi forgot this; rina forgot that", ["blame", "blame"]),
        ("Budi forgot.\nBudi forgot.", ["blame"]),
    ],
)
def test_blame_is_a_name_and_a_judging_word_in_one_sentence(text: str, rules: list[str]) -> None:
    assert [remark.rule for remark in remarks(text, NAMES)] == rules


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("The check lived in one person's memory", []),
        ("Why was it skipped? Budi was ill", ["name"]),
        ("Budi forgot it", ["blame"]),
    ],
)
def test_five_whys_ask_for_no_person(text: str, rules: list[str]) -> None:
    assert [remark.rule for remark in remarks(text, NAMES, persons=True)] == rules


@pytest.mark.parametrize(
    ("text", "done_when", "rules"),
    [
        ("Add a link check to the launch checklist", "", []),
        ("Alert when CTR falls by half", "rule R-14 enabled", []),
        ("Order thicker mailers", "no complaint in 30 days", []),
        ("Kirim jadwal kurir tiap pagi", "", []),
        ("Be more careful with links", "", ["vague"]),
        ("Try to answer sooner", "the checklist says so", ["vague"]),
        ("monitor more", "", ["vague"]),
        ("Pay more attention", "", ["vague"]),
        ("Hati-hati saat packing", "", ["vague"]),
        ("Lebih teliti", "", ["vague"]),
        ("Jangan lupa cek tautan", "", ["vague"]),
        ("Clean the shop", "everybody is careful", ["vague"]),
        ("Talk about it", "", ["artefact"]),
        ("Talk about it", "the meeting was held", ["artefact"]),
        ("Talk about it", "SOP says who calls", []),
        ("Tell budi that he forgot", "a rule in 2 weeks", ["blame"]),
        ("", "", []),
    ],
)
def test_actions_say_what_will_be_there(text: str, done_when: str, rules: list[str]) -> None:
    found = action_remarks({"text": text, "done_when": done_when}, NAMES)
    assert [remark.rule for remark in found] == rules
    assert all(remark.said for remark in found)


@pytest.mark.parametrize("text", ["(" * 5000, "careful " * 5000, "salah" * 5000, "\x00\u202e" * 100, "a-" * 9000])
def test_hostile_texts_cost_little(text: str) -> None:
    remarks(text, ("(", "[a", "*" * 50))
    action_remarks({"text": text, "done_when": None}, NAMES)
