"""The table of all post-mortems and the file of all lessons."""

from __future__ import annotations

from datetime import date

import pytest
from markdown_it import MarkdownIt

from domain.world import World
from opstui.domain.commands import AddMember, AddPart, DraftPostmortem, EditCard, MoveCard, PublishPostmortem
from opstui.domain.postmortems import of_card
from opstui.exports.lessons import index, lessons

EVIL = "# h | <img src=x> ![a](http://e.vil/x.png) \n- [x] ACT-0001 `c` Siti Rahmawati 0812-3456-7890"
TODAY = date(2026, 10, 5)


class Shop(World):
    """A published campaign with an action and two lessons, and a draft about a late order with one."""

    def __init__(self) -> None:
        super().__init__()
        self.do(AddMember(name="rina", role="owner"))
        self.campaign = self.card("campaigns", title=EVIL)
        self.order = self.card("orders", title="Late", customer="Siti Rahmawati")
        self.do(DraftPostmortem(card=self.campaign, severity="SEV2"), DraftPostmortem(card=self.order))
        number = self.pm(self.campaign)
        due = {"owner": "rina", "due": "2026-10-01", "done_when": "seen"}
        self.do(
            AddPart(postmortem=number, sort="action", values={"text": EVIL[:200], **due}),
            AddPart(postmortem=number, sort="lesson", values={"text": "Test links first", "check": "links tested"}),
            AddPart(postmortem=number, sort="lesson", values={"text": EVIL, "applies": ["ramadan"]}),
            AddPart(
                postmortem=self.pm(self.order), sort="lesson", values={"text": "Count the stock of Siti Rahmawati"}
            ),
        )
        self.do(PublishPostmortem(postmortem=number))

    def pm(self, card: int) -> int:
        found = of_card(self.workspace.state, card)
        assert found is not None
        return found[0]


def lawful(text: str) -> list[str]:
    """Check what a linter would; the headings."""
    body = MarkdownIt("commonmark").enable("table").parse(text)
    kinds = {token.type for token in body} | {c.type for token in body for c in token.children or ()}
    assert not kinds & {"html_block", "html_inline", "image", "link_open", "code_block", "hr", "ordered_list_open"}
    titles = [(token.tag, body[n + 1].content) for n, token in enumerate(body) if token.type == "heading_open"]
    assert [tag for tag, _title in titles].count("h1") == 1
    assert titles[0][0] == "h1"
    assert len({title for _tag, title in titles}) == len(titles)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\n\n\n" not in text
    assert not [line for line in text.split("\n") if line != line.rstrip()]
    assert "Siti Rahmawati" not in text
    assert "0812-3456-7890" not in text
    return [title for _tag, title in titles]


def test_the_index_tells_what_is_open_and_overdue() -> None:
    shop = Shop()
    text = index(shop.workspace, TODAY)
    lawful(text)
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| PM-")]
    assert [(row[3], row[4], row[7], row[8]) for row in rows] == [
        ("SEV2", "published", "1", "1"),
        ("n/a", "draft", "0", "0"),
    ]
    assert text == index(shop.workspace, TODAY)
    action = next(i for i, doc in shop.workspace.state.items("cards") if doc["kind"] == "action")
    shop.do(MoveCard(card=action, stage="done"))
    assert "| published | " in index(shop.workspace, TODAY)
    assert index(shop.workspace, TODAY) != text
    lawful(index(World().workspace, TODAY))


@pytest.mark.parametrize(
    ("words", "found"),
    [("", 3), ("LINKS", 1), ("ramadan", 1), ("links pm-2026-001", 1), ("links stock", 0), ("order", 1), ("(", 1)],
)
def test_lessons_are_found_by_all_words(words: str, found: int) -> None:
    text = lessons(Shop().workspace, words)
    titles = lawful(text)
    assert sum(title.startswith(("PB-", "LES-")) for title in titles) == found
    assert text == lessons(Shop().workspace, words)


def test_what_one_campaign_taught_is_shown_to_the_next_and_not_to_itself() -> None:
    from opstui.projections.lessons import lessons_for

    shop = Shop()
    state, card = shop.workspace.state, shop.workspace.card
    following = shop.card("campaigns", title="10.10")
    assert [one.text for one in lessons_for(card(following), state, TODAY)] == ["Test links first"]
    shop.do(EditCard(card=following, values={"tags": ["Ramadan"]}))
    assert [one.ref for one in lessons_for(card(following), state, TODAY)] == ["PB-0001", "PB-0002"]
    assert lessons_for(card(shop.campaign), state, TODAY) == ()
    assert lessons_for(card(shop.order), state, TODAY) == ()


def test_the_card_says_what_earlier_ones_taught() -> None:
    from opstui.exports import plain

    shop = Shop()
    following = shop.card("campaigns", title="10.10")
    workspace = shop.workspace
    told = plain.card(workspace.card(following), [], workspace.state, workspace.settings, workspace.now())
    assert "What earlier ones taught:\nPB-0001 Test links first (from PM-2026-001)" in told
