"""How far a post-mortem is, section by section."""

from __future__ import annotations

import pytest

from domain.world import World
from opstui.domain import postmortems
from opstui.domain.commands import AddMember, AddPart, MoveCard, SkipPostmortem, WriteSection
from opstui.domain.sections import section_named, sections_of
from opstui.projections.writing import (
    SectionView,
    part_remarks,
    section_views,
    state_of,
    text_remarks,
)


class Draft(World):
    """A campaign whose post-mortem has begun."""

    def __init__(self) -> None:
        super().__init__()
        self.do(AddMember(name="rina", role="owner"), AddMember(name="budi", role="ops_lead"))
        self.campaign = self.card("campaigns", title="9.9")
        self.do(MoveCard(card=self.campaign, stage="postmortem"))
        found = postmortems.of_card(self.workspace.state, self.campaign)
        assert found is not None
        self.pm = found[0]

    def views(self) -> dict[str, SectionView]:
        found = section_views(self.workspace.state, self.pm, self.at.date())
        assert [view.section for view in found] == list(sections_of("campaign"))
        return {view.section.id: view for view in found}


def test_every_section_says_who_has_yet_to_do_something() -> None:
    words = {name: view.word for name, view in Draft().views().items()}
    assert words["timeline"] == "automatic"
    assert words["summary"] == "to confirm"
    assert words["lucky"] == words["actions"] == "to write"
    assert words["lessons"] == "1 missing"


def test_what_is_written_is_done_and_warned_of_in_place() -> None:
    draft = Draft()
    draft.do(
        WriteSection(postmortem=draft.pm, section="lucky", text="it rained"),
        WriteSection(postmortem=draft.pm, section="summary", text="", sure=True),
        WriteSection(postmortem=draft.pm, section="not_worked", text="Budi forgot the link"),
        AddPart(postmortem=draft.pm, sort="action", values={"text": "Be careful"}),
        AddPart(postmortem=draft.pm, sort="lesson", values={"text": "Rina was careless"}),
    )
    views = draft.views()
    assert (views["lucky"].word, views["summary"].word, views["lessons"].word) == ("done", "done", "done · 1")
    assert (views["actions"].word, views["actions"].remarks) == ("1 missing", 1)
    assert [views[name].remarks for name in ("not_worked", "lessons", "lucky")] == [1, 1, 0]
    draft.do(SkipPostmortem(postmortem=draft.pm, reason="a test"))
    assert draft.views()["actions"].word == "done · 1"


@pytest.mark.parametrize(
    ("section", "doc", "count", "state"),
    [
        ("timeline", {"text.timeline": "x"}, 0, "automatic"),
        ("summary", {}, 0, "confirm"),
        ("summary", {"text.summary": "x"}, 0, "done"),
        ("summary", {"sure.summary": True}, 0, "done"),
        ("lucky", {}, 0, "write"),
        ("lucky", {"sure.lucky": True}, 0, "done"),
        ("lucky", {"written": {"lucky": "older"}}, 0, "done"),
        ("actions", {}, 0, "write"),
        ("actions", {}, 2, "done"),
    ],
)
def test_states(section: str, doc: dict[str, object], count: int, state: str) -> None:
    found = section_named("campaign", section)
    assert found is not None
    assert state_of(found, doc, count) == state


def test_remarks_know_what_they_are_about() -> None:
    assert [r.rule for r in text_remarks("whys", "because of budi", ["budi"])] == ["name"]
    assert text_remarks("lucky", "because of budi", ["budi"]) == ()
    assert part_remarks({"sort": "lesson", "text": "be careful"}, ["budi"]) == ()
    assert [r.rule for r in part_remarks({"sort": "action", "text": "be careful"}, ["budi"])] == ["vague"]
