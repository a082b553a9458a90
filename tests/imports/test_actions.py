"""Boxes that were ticked in a file, read back by id."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.world import World
from opstui.domain.commands import AddMember, AddPart, ArchiveCard, DraftPostmortem, MoveCard, PublishPostmortem
from opstui.domain.model import Refused
from opstui.domain.postmortems import of_card
from opstui.exports.postmortem import render_of
from opstui.imports.actions import plan, read_file, read_text


class Shop(World):
    """A campaign whose post-mortem has three actions: the first is done, the last was put away."""

    def __init__(self) -> None:
        super().__init__()
        self.do(AddMember(name="rina", role="owner"))
        self.campaign = self.card("campaigns", title="9.9")
        self.do(DraftPostmortem(card=self.campaign))
        found = of_card(self.workspace.state, self.campaign)
        assert found is not None
        self.pm = found[0]
        for text in ("one", "two", "three", "four"):
            values = {"text": text, "owner": "rina", "due": "2026-10-01", "done_when": "seen"}
            self.do(AddPart(postmortem=self.pm, sort="action", values=values))
        self.do(AddPart(postmortem=self.pm, sort="lesson", values={"text": "ask first"}))
        self.do(PublishPostmortem(postmortem=self.pm))
        self.actions = [i for i, doc in self.workspace.state.items("cards") if doc["kind"] == "action"]
        self.do(MoveCard(card=self.actions[0], stage="done"), ArchiveCard(card=self.actions[3]))

    def found(self, text: str) -> list[tuple[str, str]]:
        rows = plan(read_text(text), self.workspace.state, self.workspace.settings)
        return [(row.box.ref, row.what) for row in rows]

    def exported(self) -> str:
        return render_of(self.workspace, dict(self.workspace.state.get("postmortems", self.pm) or {}))


def test_what_we_write_is_read_back_and_nothing_moves() -> None:
    shop = Shop()
    text = shop.exported()
    assert shop.found(text) == [
        ("ACT-0001", "known"),
        ("ACT-0002", "open"),
        ("ACT-0003", "open"),
        ("ACT-0004", "dropped"),
    ]
    ticked = text.replace("- [ ] ACT-0002", "- [X] ACT-0002").replace("- [x] ACT-0001", "- [ ] ACT-0001")
    assert shop.found(ticked.replace("\n", "\r\n"))[:2] == [("ACT-0001", "unticked"), ("ACT-0002", "done")]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("- [x] ACT-0002, rina, due 2026-10-01: [x](http://e.vil)", "done"),
        ("  * [x] act-0002", "done"),
        ("\t- [x] ACT-0002: nested", "done"),
        ("- [x] ACT-9999", "unknown"),
        ("- [x] ACT-000000002", "unknown"),
        ("- [x] CMP-0001", "other"),
        ("- [x] ACT-0002\n- [ ] ACT-0002", "twice"),
        ("- [x] ACT-0002\n- [x] ACT-0002", "done"),
        ("- [x] ACT-0004", "dropped"),
    ],
)
def test_a_line_counts_by_its_id_alone(line: str, what: str) -> None:
    assert {found for _ref, found in Shop().found(line)} == {what}


@pytest.mark.parametrize(
    "line",
    [
        "> - [x] ACT-0002",
        "\\- [x] ACT-0002",
        "- \\[x\\] ACT-0002",
        "-[x] ACT-0002",
        "- [x] ACT-0002-7",
        "- [x] see ACT-0002",
        "- [x] ACT-0002b",
        "- [x] ACT-\u0660\u0662",
        "```text\n- [x] ACT-0002\n```",
        "~~~~\n- [x] ACT-0002\n~~~",
        "````\n```\n- [x] ACT-0002\n````",
        "",
        "- [x] ACT-" + "1" * 100_000,
    ],
)
def test_what_is_no_box_of_ours_is_none(line: str) -> None:
    with pytest.raises(Refused, match="no line like"):
        Shop().found(line)


@pytest.mark.parametrize(
    "head", ['id: "PM-2027-001"', 'id: "PM-2026-001"\ncard: "CMP-0042"', 'id: "PM-2026-001"\ncard: "ORD-0001"']
)
def test_another_workspace_s_file_is_refused(head: str) -> None:
    with pytest.raises(Refused, match="not in this workspace"):
        Shop().found(f"---\n{head}\n---\n- [x] ACT-0002\n")


def test_an_action_of_another_postmortem_is_left_alone() -> None:
    shop = Shop()
    other = shop.card("actions", title="not of it")
    ref = (shop.workspace.state.get("cards", other) or {})["ref"]
    assert shop.found(f'---\nid: "PM-2026-001"\n---\n- [x] {ref}\n') == [(ref, "other")]


@pytest.mark.parametrize("content", [b"\0\1\2", b"- [x] ACT-0002 \xff", b"x" * ((1 << 20) + 1)])
def test_binary_and_huge_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(content)
    with pytest.raises(Refused, match=r"a\.md"):
        read_file(path)
    with pytest.raises(Refused, match="cannot be read"):
        read_file(tmp_path / "none.md")


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    file = read_text(text)
    assert all(box.line >= 1 for box in file.boxes)
