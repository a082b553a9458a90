"""What the sections of a campaign's post-mortem say, one by one, where people and history have added to it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from exports.flash_sale import FlashSale
from exports.looked_back import LookedBack
from opstui.domain.commands import (
    AddCheck,
    AddPart,
    DraftPostmortem,
    EditCard,
    LinkCards,
    MarkCard,
    MoveCard,
    SkipPostmortem,
    StarEvent,
    TickCheck,
    Undo,
    WriteSection,
)
from opstui.domain.model import Field, Target
from opstui.domain.sections import sections_of
from opstui.exports.page import Page
from opstui.exports.postmortem import facts_of, render_of, render_postmortem, render_sections, suggestion
from opstui.exports.style import STYLES
from opstui.projections.postmortem import CampaignFacts

EN = STYLES["en"]
LOOKED_BACK = LookedBack("en")
LEARNED = facts_of(LOOKED_BACK.workspace, LOOKED_BACK.postmortem)


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    return render_sections(LEARNED, EN)


def section_of(world: FlashSale, name: str, as_of: datetime | None = None) -> str:
    return render_sections(facts_of(world.workspace, world.postmortem, as_of), EN)[name]


def rows(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("| ")][2:]


def test_sections_are_those_of_the_kind_in_their_order(told: dict[str, str]) -> None:
    assert list(told) == [one.id for one in sections_of("campaign")]
    assert [text.split("\n")[0] for text in told.values()] == [f"## {one.title}" for one in sections_of("campaign")]


def test_factors_name_their_category_and_evidence(told: dict[str, str]) -> None:
    assert rows(told["factors"]) == [
        "| FAC-0003 Link check missing \\| from the \\*checklist\\* | process | EV-8702 | yes |",
        "| FAC-0004 One person knew | skill | n/a | no |",
    ]


def test_lessons_name_the_playbook_entry_they_became(told: dict[str, str]) -> None:
    first, second = rows(told["lessons"])
    assert first.startswith("| LES-0001 Use the voucher \\| as baseline | keep | every link was clicked | flash-sale |")
    assert first.endswith("| PB-0001 | CVR 3.2 % | 2027-03-31 |")
    assert "| stop | n/a | all | PB-0002 |" in second


def test_actions_are_a_table_and_a_task_list_planned_ones_too(told: dict[str, str]) -> None:
    text = told["actions"]
    assert re.findall(r"\| (\S+) \| [^|]*(?:\\\|[^|]*)?\| \S+ \| (P\d) \| \S+ \| \S+ \| (\w+) \|", text) == [
        ("ACT-0007", "P1", "open"), ("n/a", "P3", "planned"),
    ]  # fmt: skip
    assert "- [ ] ACT-0007, ani, due 2026-09-28: Rule: alert when \\| CTR halves\n" in text
    assert text.endswith("- [ ] planned, dewi, due n/a: Ask the courier for a second slot")


def test_seen_before_says_what_is_shared_and_what_was_known(told: dict[str, str]) -> None:
    text = told["recurrence"]
    assert "2 earlier post-mortems share something with this one; within 180 days before it: 1." in text
    recent, old, *known = (line for line in rows(text) if "---" not in line and "| Card |" not in line)
    assert "factor: Link check missing" in recent
    assert "tag: flash-sale" in recent
    assert "PM-2025-001" in old
    assert "factor" not in old
    assert "Already in the backlog when it began: 2 open cards." in text
    assert [line.split(" | ")[0] for line in known] == ["| ACT-0003", "| FDB-0001"]


def test_a_test_that_is_over_says_all_and_one_that_runs_nothing(told: dict[str, str]) -> None:
    done, runs = rows(told["experiment"])
    assert "| 5,000 + 5,000 | 6.10 % against 5.00 % | +1.10 pp (0.20 to 2.00) | 0.016 | ok | win: voucher |" in done
    assert runs == "| Picture | old, new | 900 + 905 | n/a | n/a | n/a | ok | running: no verdict yet |"
    assert "10.9" not in told["experiment"]


def test_credit_by_touches_stands_beside_the_channels(told: dict[str, str]) -> None:
    assert [line.split(" | ")[-2:] for line in rows(told["channels"])] == [["50 %", "80 % |"], ["30 %", "0 % |"]]
    assert "First and last touch are shares of Rp 1,000,000, of 2 of 3 orders of the run" in told["quality"]


def test_without_touches_there_is_no_column_for_them() -> None:
    assert "touch" not in section_of(FlashSale("en"), "channels")


def test_the_timeline_tells_marks_and_stars_and_folds_the_rest(told: dict[str, str]) -> None:
    text = told["timeline"]
    assert "| comment | ani | The link is dead! call \\[phone\\]" in text
    assert "| rollback, entered later | budi | it was rolled back |" in text
    assert "edited: Key message" not in text
    assert text.endswith("Left out here: 1 row of 16; edits: 1.")


def test_answers_of_several_lines_are_a_list(told: dict[str, str]) -> None:
    assert told["questions"].endswith("Written:\n\n- who owns the link?\n- why so late?")
    assert "Written: The brief came late.\n\n\\# x" in told["background"]
    assert told["not_worked"] == "## What did not\n\nWritten: nobody clicked the final link"
    assert told["surprised"] == "## What surprised us\n\nTo write: what did we not expect?"


def test_the_record_names_who_and_until_when(told: dict[str, str]) -> None:
    assert rows(told["review"]) == [
        "| Drafted | ani | 2026-09-14 | 2026-09-16 |",
        "| Reviewed and published | rina | 2026-09-15 | 2026-09-21 |",
    ]


def test_a_sentence_from_facts_is_marked_until_someone_confirms_or_changes_it() -> None:
    world = FlashSale("en")
    facts = facts_of(world.workspace, world.postmortem)
    said = suggestion(facts, EN, "summary")
    assert said.startswith("Promo 9.9 | *Flash* Sale! ran on shopee ads, tiktok, 2026-09-09 00:00 to")
    assert suggestion(facts, EN, "worked") == ""
    pm = next(number for number, _doc in world.workspace.state.items("postmortems"))

    def now() -> str:
        world.postmortem = world.workspace.state.get("postmortems", pm) or {}
        return section_of(world, "summary").removeprefix("## Summary\n\n")

    assert now().startswith("From facts: Promo 9.9")
    world.do(WriteSection(postmortem=pm, section="summary", text="", sure=True))
    assert now().startswith("Promo 9.9")
    world.do(WriteSection(postmortem=pm, section="summary", text="We | sold"))
    assert now() == "Written: We \\| sold"


def test_what_led_up_to_it_names_changes_and_what_was_linked() -> None:
    world = FlashSale("en")
    other = world.card("orders", "Order of Siti Rahmawati")
    world.on(14, 12, LinkCards(card=other, other=world.campaign, relation="about"))
    moment = datetime(2026, 9, 6, 3, tzinfo=UTC).isoformat()
    world.do(MarkCard(card=other, mark="change", at=moment, note="new courier for Siti Rahmawati"))
    world.do(MarkCard(card=other, mark="change", at=datetime(2026, 8, 1, tzinfo=UTC).isoformat(), note="long ago"))
    text = section_of(world, "background")
    assert "changed afterwards: Key message. It took 2 rounds of approval." in text
    assert "it entered 6 stages, 2 of them returns." in text
    assert "Changed on 2026-09-06 10:00 (ORD-0001): new courier for S\\*\\*\\* R\\*\\*\\*" in text
    assert "long ago" not in text


def test_a_part_and_a_star_taken_back_leave_the_document_as_it_was() -> None:
    world = FlashSale("en")
    pm = next(number for number, _doc in world.workspace.state.items("postmortems"))
    before = render_of(world.workspace, world.postmortem)
    world.at = datetime(2026, 9, 16, tzinfo=UTC)
    edit = next(b.n for b in world.workspace.events_of({world.campaign}) if b.events[0].kind == "edited")
    for command in (
        AddPart(postmortem=pm, sort="factor", values={"text": "x"}),
        StarEvent(card=world.campaign, batch=edit),
    ):
        batch = world.do(command).batch or 0
        assert render_of(world.workspace, world.postmortem) != before
        world.do(Undo(batch=batch))
        assert render_of(world.workspace, world.postmortem) == before


def test_stars_keep_their_rows_when_there_are_too_many() -> None:
    world = FlashSale("en")
    comment = next(b.n for b in world.workspace.events_of({world.campaign}) if b.events[0].kind == "commented")
    for n in range(70):
        world.on(16 + n // 24, n % 24, EditCard(card=world.campaign, values={"due": f"2026-{10 + n % 2}-01"}))
    last = world.on(20, 9, EditCard(card=world.campaign, values={"message": "the last word"}))
    world.do(StarEvent(card=world.campaign, batch=last), StarEvent(card=world.campaign, batch=comment))
    text = section_of(world, "timeline")
    assert text.count("| EV-") == 60
    assert f"EV-{comment} |" in text
    assert f"EV-{last} |" in text
    assert "; edits: 1; the appendix holds every one." in text


def test_a_skipped_one_says_why() -> None:
    world = FlashSale("en")
    pm = next(number for number, _doc in world.workspace.state.items("postmortems"))
    world.do(SkipPostmortem(postmortem=pm, reason="a *test* run"))
    text = render_of(world.workspace, world.postmortem)
    assert "> Skipped: a \\*test\\* run. Facts are computed" in text
    assert 'status: "skipped"' in text


def test_other_customers_are_named_nowhere() -> None:
    """Titles of earlier cases and of known work name people who are not on this card."""
    world = FlashSale("en")
    world.at = datetime(2026, 8, 1, tzinfo=UTC)
    old = world.card("feedback", "Angry Citra Dewanti", customer="Citra Dewanti", tags=["flash-sale"])
    world.do(DraftPostmortem(card=old), MoveCard(card=old, stage="triage"))
    world.card("feedback", "Eko Prasetyo waits", customer="Eko Prasetyo", tags=["flash-sale"])
    text = section_of(world, "recurrence")
    assert text.count("C\\*\\*\\* D\\*\\*\\*") == 2
    assert "Eko" not in text
    assert "Citra" not in text


def test_a_campaign_that_is_planned_or_runs_does_not_say_that_it_ran() -> None:
    world = FlashSale("en")
    world.at = datetime(2026, 9, 20, tzinfo=UTC)
    said = {}
    for name, fields in (("none", {}), ("plan", {"starts": "2026-10-01", "ends": "2026-10-02"})):
        card = world.card("campaigns", name, targets=[{"metric": "roas", "target": 2}], **fields)
        said[name] = suggestion(facts_of(world.workspace, {"card": card}), EN, "summary")
    live = world.card("campaigns", "live")
    world.do(MoveCard(card=live, stage="live"))
    said["live"] = suggestion(facts_of(world.workspace, {"card": live}), EN, "summary")
    assert said == {
        "none": "none has not run yet.",
        "plan": "plan is planned: 2026-10-01 00:00 to 2026-10-03 00:00 WIB, 2 d (as planned in the brief).",
        "live": "live has been running since 2026-09-20 07:00 WIB.",
    }


def test_what_was_open_on_the_checklist_when_it_went_live() -> None:
    world = FlashSale("en")
    world.at = datetime(2026, 9, 20, tzinfo=UTC)
    card = world.card("campaigns", "a")
    for text in ("links | clicked", "stock counted"):
        world.do(AddCheck(card=card, text=text))
    world.do(TickCheck(card=card, item=2), MoveCard(card=card, stage="live"))
    world.at = datetime(2026, 9, 21, tzinfo=UTC)
    world.do(TickCheck(card=card, item=1), AddCheck(card=card, text="later"))
    text = render_sections(facts_of(world.workspace, {"card": card}), EN)["brief"]
    assert text.endswith("Ticked at the launch: 1 of 2; open: links \\| clicked.")


def test_days_that_are_unlike_those_before_are_told_under_the_channels() -> None:
    world = FlashSale("en")

    def write(tx: Any) -> None:
        for n in range(1, 29):
            row = {"card": world.campaign, "day": f"2026-08-{n:02d}", "channel": "tv", "currency": "IDR"}
            clicks = 1000 if n != 20 else 10
            tx.put("metrics", 200 + n, {**row, "spend": 1000 + n % 3, "impressions": 50_000 + n, "clicks": clicks})

    world.workspace.store.transact(write, at=world.at, by="ani", via="import")
    text = section_of(world, "channels")
    assert "| 2026-08-20 | tv | CTR | 0.02 % | 2.00 % |" in text


def test_of_a_long_run_the_last_month_is_judged() -> None:
    world = FlashSale("en")

    def write(tx: Any) -> None:
        for n in range(60):
            day = date(2026, 7, 1) + timedelta(days=n)
            row = {"card": world.campaign, "day": day.isoformat(), "channel": "tv", "currency": "IDR"}
            clicks = 10 if n in (25, 50) else 1000
            tx.put("metrics", 200 + n, {**row, "spend": 0, "impressions": 50_000, "clicks": clicks})

    world.workspace.store.transact(write, at=world.at, by="ani", via="import")
    facts = facts_of(world.workspace, world.postmortem)
    assert isinstance(facts, CampaignFacts)
    first = date(2026, 9, 12) - timedelta(days=30)
    days = [alert.finding.day for alert in facts.alerts if alert.metric == "ctr" and alert.channel == "tv"]
    assert days == [date(2026, 8, 20)]
    assert min(alert.finding.day for alert in facts.alerts) >= first
    assert "the last 31 are held against those before" in section_of(world, "quality")


TEXTS = st.text(alphabet=st.sampled_from(list("ab1 |`*_[]()<>#-=+~$&:.@!\\{}\n\r\t/'\"\u202e\u200b")), max_size=40)


@given(text=TEXTS)
@settings(max_examples=10, deadline=None)
def test_no_text_of_people_changes_the_shape_of_the_file(text: str) -> None:
    facts = LEARNED
    assert isinstance(facts, CampaignFacts)

    def with_text(said: str) -> Any:
        return replace(
            facts,
            reason=said,
            written=dict.fromkeys(facts.written, f"a{' '.join(said.split())}z"),
            factors=tuple(replace(row, text=said, evidence=said, category=said) for row in facts.factors),
            lessons=tuple(
                replace(row, text=said, check=said, entry=said, baseline=said, applies=(said,)) for row in facts.lessons
            ),
            actions=tuple(replace(row, text=said, owner=said, done_when=said) for row in facts.actions),
            earlier=tuple(replace(row, title=said, shared=(said,)) for row in facts.earlier),
            waiting=tuple(replace(row, title=said, owner=said, why=said) for row in facts.waiting),
            timeline=tuple(replace(row, text=said, by=said) for row in facts.timeline),
            experiments=tuple(replace(row, name=said, metric=said, title=said) for row in facts.experiments),
        )

    assert shape(with_text(text)) == shape(with_text("plain"))


def shape(facts: Any) -> list[tuple[str, str]]:
    """The blocks of the file, and all that is not text within them."""
    body = render_postmortem(facts, EN).split("\n---\n", 1)[1]
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    inner = {child.type for token in tokens for child in token.children or ()}
    assert inner <= {"text", "text_special", "softbreak"}
    return [(token.type, token.tag) for token in tokens]


def test_complaints_have_the_orders_of_the_shop_as_their_base() -> None:
    text = render_sections(LEARNED, EN)["reaction"]
    assert "| Complaints per 100 orders | n/a | 66.7 | n/a |" in text
    assert "| Complaints and orders of the shop | 0 of 0 | 2 of 3 | 0 of 0 |" in text
    assert "of the shop" not in section_of(FlashSale("en"), "reaction")


def test_what_linked_complaints_were_about() -> None:
    world = FlashSale("en")
    for theme in ("link", "stock | x", "link", ""):
        said = world.card("feedback", "a", sort="complaint", theme=theme)
        world.do(LinkCards(card=said, other=world.campaign, relation="about"))
    text = section_of(world, "reaction")
    assert text.endswith("What linked complaints were about: link (2), stock \\| x (1).")


@pytest.mark.parametrize(
    ("target", "text"),
    [(40_000, "40.000"), (0.014, "0,014"), (3.0, "3"), (1234.5, "1.234,5"), (0, "0"), (-2.5, "-2,5")],
)
def test_targets_of_the_brief_are_written_as_the_place_writes_numbers(target: float, text: str) -> None:
    page = Page(LEARNED, STYLES["id"], "IDR")
    about = Field("targets", "Targets", "list")
    assert page.value(about, [{"metric": "roas", "target": target}]) == f"roas {text}"
    assert page.value(about, (Target("roas", target),)) == f"roas {text}"
