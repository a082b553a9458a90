"""A post-mortem from its first mark to its lessons: what is refused, what happens once, and what comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.world import World
from opstui.domain import parts, playbook, postmortems
from opstui.domain.commands import (
    AddMember,
    AddPart,
    ArchiveCard,
    CreateCard,
    DraftPostmortem,
    EditCard,
    EditPart,
    MarkCard,
    MoveCard,
    PublishPostmortem,
    RemovePart,
    SkipPostmortem,
    StarEvent,
    TickCheck,
    Undo,
    WriteSection,
)
from opstui.domain.model import Doc, Refused
from opstui.domain.sections import KINDS, SECTIONS, sections_of

READY = {"text": "Add a link check", "owner": "rina", "due": "2026-10-01", "done_when": "checklist v5 is live"}


class Shop(World):
    """A shop with a campaign that is over, and two members."""

    def __init__(self) -> None:
        super().__init__()
        self.do(AddMember(name="rina", role="owner"), AddMember(name="budi", role="ops_lead"))
        self.campaign = self.card("campaigns", title="9.9")
        self.do(MoveCard(card=self.campaign, stage="postmortem"))

    @property
    def pm(self) -> int:
        found = postmortems.of_card(self.workspace.state, self.campaign)
        assert found is not None
        return found[0]

    def postmortem(self) -> Doc:
        return postmortems.get(self.workspace.state, self.pm)

    def part(self, sort: str, **values: Any) -> int:
        return self.events(AddPart(postmortem=self.pm, sort=sort, values=values))[0].id

    def parts(self, sort: str) -> list[Doc]:
        return [doc for _id, doc in parts.parts_of(self.workspace.state, self.pm, sort)]

    def actions(self) -> list[Doc]:
        return [doc for _id, doc in self.workspace.state.items("cards") if doc["kind"] == "action"]

    def undo(self) -> None:
        self.do(Undo(batch=self.workspace.store.seq))


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_a_campaign_that_is_over_has_a_draft_with_a_day_by_itself(shop: Shop) -> None:
    doc = shop.postmortem()
    assert (doc["status"], doc["ref"], doc["due"]) == ("draft", "PM-2026-001", "2026-09-09")
    shop.do(MoveCard(card=shop.campaign, stage="archive"))
    assert len(list(shop.workspace.state.items("postmortems"))) == 1


def test_the_move_that_began_it_can_be_taken_back_and_done_again(shop: Shop) -> None:
    shop.undo()
    assert shop.doc(shop.campaign)["stage"] != "postmortem"
    shop.undo()
    assert shop.doc(shop.campaign)["stage"] == "postmortem"
    assert len(list(shop.workspace.state.items("postmortems"))) == 1


@pytest.mark.parametrize(("severity", "due"), [("SEV1", "2026-09-09"), ("SEV3", None), ("", None)])
def test_a_severe_incident_has_a_day_by_which_it_is_drafted(severity: str, due: str | None) -> None:
    world = World()
    card = world.card()
    world.do(DraftPostmortem(card=card, severity=severity))
    world.do(DraftPostmortem(card=card, severity="SEV2"))
    ((_id, doc),) = world.workspace.state.items("postmortems")
    assert (doc.get("due"), doc["severity"]) == (due, "SEV2")
    with pytest.raises(Refused, match="SEV1, SEV2"):
        world.do(DraftPostmortem(card=card, severity="terrible"))


def test_two_people_write_two_sections_and_each_is_undone_alone(shop: Shop) -> None:
    shop.do(WriteSection(postmortem=shop.pm, section="summary", text="sold out", base=""))
    mine = shop.workspace.store.seq
    shop.do(WriteSection(postmortem=shop.pm, section="lucky", text="  the rain stopped \r\n", base=""), by="budi")
    assert postmortems.written(shop.postmortem()) == {"summary": "sold out", "lucky": "the rain stopped"}
    shop.do(Undo(batch=mine))
    assert postmortems.written(shop.postmortem()) == {"lucky": "the rain stopped"}


def test_what_someone_else_wrote_meanwhile_is_not_written_over(shop: Shop) -> None:
    shop.do(WriteSection(postmortem=shop.pm, section="summary", text="one", base=""))
    with pytest.raises(Refused, match="changed by someone else"):
        shop.do(WriteSection(postmortem=shop.pm, section="summary", text="two", base=""))
    assert shop.events(WriteSection(postmortem=shop.pm, section="summary", text="one", base="")) == []
    shop.do(WriteSection(postmortem=shop.pm, section="summary", text="one", sure=True))
    assert shop.postmortem()["sure.summary"] is True


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ("timeline", "no section that people write"),
        ("impact", "no section"),
        ("nothing", "no section"),
        ("actions", "a list"),
    ],
)
def test_sections_of_facts_and_lists_are_not_written(section: str, why: str, shop: Shop) -> None:
    with pytest.raises(Refused, match=why):
        shop.do(WriteSection(postmortem=shop.pm, section=section, text="x"))


@pytest.mark.parametrize(
    ("sort", "values", "why"),
    [
        ("action", {"text": " "}, "Action is empty"),
        ("action", {"text": "x", "due": "soon"}, "a day reads"),
        ("action", {"text": "x", "type": "pray"}, "one of mitigate"),
        ("action", {"text": "x", "card": 1}, "no field of it"),
        ("factor", {"text": "x" * 501}, "at most 500"),
        ("poem", {"text": "x"}, "no part"),
    ],
)
def test_parts_that_will_not_do_are_refused(sort: str, values: dict[str, Any], why: str, shop: Shop) -> None:
    with pytest.raises(Refused, match=why):
        shop.part(sort, **values)


def test_a_part_is_added_changed_taken_off_and_brought_back(shop: Shop) -> None:
    number = shop.part("factor", text="No link check", category="process", removable=True)
    shop.do(EditPart(part=number, values={"evidence": "EV-3"}, base={"evidence": None}))
    with pytest.raises(Refused, match="changed meanwhile to: EV-3"):
        shop.do(EditPart(part=number, values={"evidence": "EV-4"}, base={"evidence": None}))
    assert shop.parts("factor")[0]["ref"] == "FAC-0001"
    shop.do(RemovePart(part=number))
    assert shop.parts("factor") == []
    shop.undo()
    assert shop.parts("factor")[0]["evidence"] == "EV-3"
    shop.part("factor", text="Another")
    shop.undo()
    assert [part["text"] for part in shop.parts("factor")] == ["No link check"]


def test_publishing_names_all_that_is_missing(shop: Shop) -> None:
    shop.part("action", text="Do something")
    shop.part("action", **READY | {"owner": "nobody-here"})
    shop.part("action", **READY | {"due": "2026-09-07"})
    with pytest.raises(Refused) as no:
        shop.do(PublishPostmortem(postmortem=shop.pm))
    for said in ("an owner, a due day, a word on when", "nobody-here is no member", "not in the future", "a lesson"):
        assert said in str(no.value)
    assert shop.actions() == []
    assert shop.postmortem()["status"] == "draft"


def test_a_day_is_that_of_the_shop_and_not_of_greenwich() -> None:
    """At 20:00 UTC it is three in the morning of the next day in Jakarta."""
    shop = Shop()
    shop.at = datetime(2026, 9, 7, 20, tzinfo=UTC)
    card = shop.card()
    shop.do(DraftPostmortem(card=card, severity="SEV1"))
    found = postmortems.of_card(shop.workspace.state, card)
    assert found is not None
    assert found[1]["due"] == "2026-09-10"
    shop.part("action", **READY | {"due": "2026-09-08"})
    shop.part("lesson", text="x")
    with pytest.raises(Refused, match="not in the future"):
        shop.do(PublishPostmortem(postmortem=shop.pm))


def test_publishing_twice_makes_each_card_and_entry_once(shop: Shop) -> None:
    shop.part("action", **READY)
    shop.part("action", **READY | {"text": "Alert when CTR falls", "priority": "P1", "owner": "budi"})
    shop.part("lesson", text="Check every link", keep="keep", check="every link was clicked", applies=["flash"])
    shop.do(PublishPostmortem(postmortem=shop.pm))
    assert shop.events(PublishPostmortem(postmortem=shop.pm)) == []
    first, second = shop.actions()
    assert (first["title"], first["postmortem"], first["due"]) == ("Add a link check", "PM-2026-001", "2026-10-01")
    assert (second["priority"], second["owner"]) == ("urgent", "budi")
    assert [part["card"] for part in shop.parts("action")] == [first["id"], second["id"]]
    ((_id, entry),) = playbook.entries(shop.workspace.state)
    assert (entry["ref"], entry["edition"], entry["evidence"]) == ("PB-0001", 1, "PM-2026-001")
    shop.part("action", **READY | {"text": "One more"})
    shop.do(PublishPostmortem(postmortem=shop.pm))
    assert len(shop.actions()) == 3
    with pytest.raises(Refused, match="was published"):
        shop.do(RemovePart(part=next(i for i, _doc in parts.parts_of(shop.workspace.state, shop.pm, "action"))))


def test_publishing_is_undone_as_a_whole(shop: Shop) -> None:
    shop.part("action", **READY)
    shop.part("lesson", text="Check every link")
    shop.do(PublishPostmortem(postmortem=shop.pm))
    shop.undo()
    assert shop.postmortem()["status"] == "draft"
    assert all(doc.get("archived") for doc in shop.actions())
    assert list(playbook.entries(shop.workspace.state)) == []
    shop.do(PublishPostmortem(postmortem=shop.pm))
    assert sum(not doc.get("archived") for doc in shop.actions()) == 1


def taught(shop: Shop, **lesson: Any) -> None:
    shop.part("lesson", **{"text": "Check every link", "check": "every link was clicked", **lesson})
    shop.do(PublishPostmortem(postmortem=shop.pm))


def test_a_lesson_stands_in_the_next_brief_and_shuts_the_launch_until_it_is_ticked(shop: Shop) -> None:
    taught(shop)
    card = shop.card("campaigns", title="10.10")
    (item,) = shop.doc(card)["checklist"]
    assert (item["text"], item["playbook"]) == ("every link was clicked", "PB-0001")
    with pytest.raises(Refused, match=r"cannot go live yet.*every link was clicked \(PB-0001\)"):
        shop.do(MoveCard(card=card, stage="live"))
    shop.do(TickCheck(card=card, item=item["id"]))
    shop.do(MoveCard(card=card, stage="live"))
    assert shop.doc(card)["stage"] == "live"


def test_a_lesson_for_some_campaigns_comes_with_their_tag(shop: Shop) -> None:
    taught(shop, applies=["Flash"], until="2026-12-31")
    card = shop.card("campaigns", title="10.10")
    assert "checklist" not in shop.doc(card)
    shop.do(EditCard(card=card, values={"tags": ["flash"]}))
    assert [item["playbook"] for item in shop.doc(card)["checklist"]] == ["PB-0001"]
    shop.do(EditCard(card=card, values={"tags": ["flash", "social"]}))
    assert len(shop.doc(card)["checklist"]) == 1
    shop.at = datetime(2027, 1, 1, tzinfo=UTC)
    assert "checklist" not in shop.doc(shop.card("campaigns", title="1.1", tags=["flash"]))


def test_a_lesson_that_names_an_entry_makes_a_version_of_it(shop: Shop) -> None:
    taught(shop)
    shop.part("lesson", text="Check every link twice", check="each link was clicked twice", playbook="pb-0001")
    shop.do(PublishPostmortem(postmortem=shop.pm))
    ((_id, entry),) = playbook.entries(shop.workspace.state)
    assert (entry["edition"], entry["check"]) == (2, "each link was clicked twice")


def test_marks_are_times_of_the_clock(shop: Shop) -> None:
    card = shop.card()
    early = (shop.at - timedelta(hours=5)).isoformat()
    (event,) = shop.events(MarkCard(card=card, mark="started", at=early, note="slot missed"))
    shop.do(MarkCard(card=card, mark="detected"))
    assert event.at == shop.at - timedelta(hours=5, minutes=2)
    assert [row["mark"] for row in shop.doc(card)["marks"]] == ["started", "detected"]
    shop.undo()
    assert [row["mark"] for row in shop.doc(card)["marks"]] == ["started"]
    for command, why in (
        (MarkCard(card=card, mark="lunch"), "no mark"),
        (MarkCard(card=card, mark="started", at="2030-01-01T00:00:00Z"), "not in the future"),
        (MarkCard(card=card, mark="started", at="1999-01-01T00:00:00Z"), "ten years"),
        (MarkCard(card=card, mark="started", at="soon"), "a time reads"),
    ):
        with pytest.raises(Refused, match=why):
            shop.do(command)


def test_a_star_is_put_on_what_happened_to_the_card(shop: Shop) -> None:
    card = shop.card()
    born = shop.workspace.store.seq
    shop.do(StarEvent(card=card, batch=born))
    assert shop.events(StarEvent(card=card, batch=born)) == []
    assert shop.doc(card)["stars"] == [born]
    shop.do(StarEvent(card=card, batch=born, on=False))
    assert "stars" not in shop.doc(card)
    with pytest.raises(Refused, match="is not about"):
        shop.do(StarEvent(card=card, batch=1))


def test_skipping_takes_a_reason(shop: Shop) -> None:
    with pytest.raises(Refused, match="say why"):
        shop.do(SkipPostmortem(postmortem=shop.pm, reason=" "))
    shop.do(SkipPostmortem(postmortem=shop.pm, reason="a test"))
    assert shop.postmortem()["status"] == "skipped"


@pytest.mark.parametrize("role", ["viewer", "vendor", "cs"])
def test_who_may_not_change_campaigns_may_not_write_about_them_nor_undo_it(role: str, shop: Shop) -> None:
    number = shop.part("factor", text="No link check")
    last = shop.workspace.store.seq
    shop.role = role
    for command in (
        WriteSection(postmortem=shop.pm, section="summary", text="x"),
        AddPart(postmortem=shop.pm, sort="factor", values={"text": "x"}),
        EditPart(part=number, values={"text": "y"}),
        RemovePart(part=number),
        PublishPostmortem(postmortem=shop.pm),
        SkipPostmortem(postmortem=shop.pm, reason="x"),
        MarkCard(card=shop.campaign, mark="started"),
        Undo(batch=last),
    ):
        with pytest.raises(Refused, match="may not"):
            shop.do(command)


def test_numbers_that_are_not_there_are_refused_in_words(shop: Shop) -> None:
    for command in (
        WriteSection(postmortem=99, section="summary", text="x"),
        EditPart(part=99, values={}),
        RemovePart(part=99),
        PublishPostmortem(postmortem=99),
        SkipPostmortem(postmortem=99, reason="x"),
        AddPart(postmortem=99, sort="factor", values={"text": "x"}),
    ):
        with pytest.raises(Refused, match="there is no such"):
            shop.do(command)


def test_every_kind_has_its_sections_once() -> None:
    assert len({section.id for section in SECTIONS}) == len(SECTIONS)
    for kind in KINDS:
        ids = [section.id for section in sections_of(kind)]
        assert {"summary", "factors", "lessons", "actions", "timeline"} <= set(ids)
    assert "clock" not in [section.id for section in sections_of("campaign")]
    assert all(section.prompt for section in SECTIONS if section.how != "facts")


def test_an_archived_campaign_keeps_its_post_mortem(shop: Shop) -> None:
    shop.do(ArchiveCard(card=shop.campaign))
    shop.do(WriteSection(postmortem=shop.pm, section="summary", text="x"))
    assert shop.do(CreateCard(board="campaigns", title="next")).events
