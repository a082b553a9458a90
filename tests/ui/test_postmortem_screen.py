"""The editor of a post-mortem: sections, autosave, two people, lists, publishing, and every size."""

from __future__ import annotations

from pathlib import Path

import pytest

from opstui.domain import postmortems
from opstui.domain.commands import AddPart, Command, CreateCard, EditPart, MoveCard, WriteSection
from opstui.domain.model import Actor
from opstui.ui.drafts import Draft, Typed
from opstui.ui.screens import postmortem as editor
from opstui.ui.screens.postmortem import PostmortemScreen
from opstui.workspace import Workspace
from ui.page import RINA, Console, console, memory_workspace, order

BUDI = Actor("budi", "ops_lead")
READER = Actor("ani", "viewer")
READY = {"text": "Add a link check", "owner": "rina", "due": "2026-10-01", "done_when": "checklist v5 is live"}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for by the clock."""
    for name in ("SAVE_AFTER", "KEPT", "LATER"):
        monkeypatch.setattr(editor, name, 0.001)


def over(path: Path = Path("nowhere")) -> Workspace:
    """A campaign that is over, with its draft; an order."""
    return memory_workspace(
        CreateCard(board="campaigns", title="9.9 [b]sale[/]"),
        MoveCard(card=1, stage="postmortem"),
        order("Toko Damai"),
        path=path,
    )


def screen_of(c: Console) -> PostmortemScreen:
    screen = c.app.screen
    assert isinstance(screen, PostmortemScreen)
    return screen


async def opened(c: Console, section: str = "") -> PostmortemScreen:
    """The editor of the campaign, on a section."""
    await c.press("2")
    while c.cursor is None:
        await c.press("l")
    await c.press("m")
    screen = screen_of(c)
    await c.until(lambda: screen._markdown)
    if section:
        screen.goto(section)
        await c.rest()
    return screen


def written(c: Console) -> dict[str, str]:
    return postmortems.written(c.workspace.state.get("postmortems", 1) or {})


def parts(c: Console, sort: str) -> list[str]:
    docs = (doc for _id, doc in c.workspace.state.items("parts"))
    return [doc["text"] for doc in docs if doc.get("sort") == sort]


def news(c: Console) -> None:
    """What others did is heard of."""
    seen = c.workspace.store.seq
    c.app.session._own += [b for b in c.workspace.history() if b.by == "budi" and b.n == seen]
    c.board.changes.take_in()


async def by_budi(c: Console, *commands: Command) -> None:
    c.workspace.submit(BUDI, *commands)
    news(c)
    await c.rest()


async def test_m_begins_and_opens_it_and_asks_how_bad_an_order_was() -> None:
    async with console(over()) as c:
        await c.press("m")
        assert c.dialog == "Picker"
        assert "SEV2" in c.text
        await c.press("escape")
        assert c.dialog == ""
        assert len(c.events("postmortem_drafted")) == 1
        await c.press("m", "2")
        assert "PM-2026-002 · draft · SEV2 · to be drafted by" in c.text
        await c.press("exclamation_mark", "4")
        assert "SEV4" in c.text
        await c.press("escape", "m")
        assert c.dialog == "PostmortemScreen"
        assert "Clock" in c.text


async def test_what_is_typed_is_saved_by_itself_and_each_section_is_undone_alone() -> None:
    async with console(over()) as c:
        screen = await opened(c, "worked")
        assert "What worked · to write" in c.text
        await c.press("enter")
        await c.type("sold out by nine\nand again")
        await c.until(lambda: written(c).get("worked") == "sold out by nine\nand again")
        assert screen.pane.paper.text == "sold out by nine\nand again"
        await c.press("escape")
        assert "What worked · done" in c.text
        screen.goto("lucky")
        await c.press("tab")
        await c.type("rain")
        await c.press("escape")
        await c.until(lambda: written(c).get("lucky") == "rain")
        await c.press("u")
        while "lucky" in written(c):
            await c.press("u")
        assert written(c) == {"worked": "sold out by nine\nand again"}
        assert screen.pane.paper.text == ""


async def test_leaving_a_section_saves_it_before_the_second_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editor, "SAVE_AFTER", 600)
    async with console(over()) as c:
        await opened(c, "lucky")
        await c.press("enter")
        await c.type("rain")
        assert written(c) == {}
        await c.press("escape", "j")
        await c.until(lambda: written(c) == {"lucky": "rain"})
        await c.press("tab")
        await c.type("sun")
        await c.press("escape", "escape")
        assert c.dialog == ""
        assert written(c) == {"lucky": "rain", "surprised": "sun"}


async def test_two_people_in_two_sections_never_notice_but_see_each_other() -> None:
    async with console(over()) as c:
        screen = await opened(c, "lucky")
        await c.press("enter")
        await c.type("ra")
        await by_budi(c, WriteSection(postmortem=1, section="worked", text="the backup"))
        await c.type("in")
        await c.until(lambda: written(c) == {"lucky": "rain", "worked": "the backup"})
        assert screen.focused is screen.pane.paper
        await c.press("escape")
        await by_budi(c, WriteSection(postmortem=1, section="lucky", text="rain and wind"))
        await c.until(lambda: screen.pane.paper.text == "rain and wind")
        assert not c.app.session.steps.done[-1].said.startswith("undone")


@pytest.mark.parametrize(
    ("key", "left"),
    [("t", "theirs\nend"), ("m", "my own\nend"), ("b", "theirs\nmy own\nend")],
)
async def test_two_texts_of_one_section_are_shown_and_a_person_decides(
    key: str, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor, "SAVE_AFTER", 600)
    workspace = over()
    workspace.submit(RINA, WriteSection(postmortem=1, section="lucky", text="begun\nend"))
    async with console(workspace) as c:
        screen = await opened(c, "lucky")
        await c.press("enter", "up", "home", *["delete"] * 5)
        await c.type("my own")
        await by_budi(c, WriteSection(postmortem=1, section="lucky", text="theirs\nend"))
        assert "theirs, saved meanwhile" in c.text
        assert "two texts" in c.text
        await c.type("!")
        await c.press("backspace", "escape")
        assert written(c)["lucky"] == "theirs\nend"
        assert screen.pane.paper.text == "my own\nend"
        await c.press("escape")
        assert c.dialog == "ConflictDialog"
        await c.press("escape")
        assert c.dialog == "PostmortemScreen"
        await c.press("ctrl+o", key)
        await c.press("escape")
        assert written(c)["lucky"] == left
        assert c.dialog == ""


async def test_what_was_left_behind_is_saved_when_it_is_opened_again(tmp_path: Path) -> None:
    Draft(tmp_path, "rina", "postmortem-1").keep({"lucky": Typed("", "rain"), "worked": Typed("old", "mine")})
    workspace = over(tmp_path)
    workspace.submit(RINA, WriteSection(postmortem=1, section="worked", text="theirs"))
    async with console(workspace) as c:
        screen = await opened(c)
        await c.until(lambda: written(c).get("lucky") == "rain")
        assert written(c)["worked"] == "theirs"
        assert "two texts" in c.text
        screen.goto("worked")
        await c.rest()
        assert screen.pane.paper.text == "mine"
        await c.press("escape", "m")
        assert written(c)["worked"] == "mine"
        assert c.dialog == ""
    assert list((tmp_path / "preferences" / "drafts" / "rina").glob("*")) == []


async def test_a_kill_costs_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editor, "SAVE_AFTER", 600)
    async with console(over(tmp_path)) as c:
        await opened(c, "lucky")
        await c.press("enter")
        await c.type("rain")
        drafts = tmp_path / "preferences" / "drafts" / "rina"
        await c.until(lambda: any("rain" in path.read_text("utf-8") for path in drafts.glob("*.json")))
        assert written(c) == {}


async def test_confirming_takes_what_stands_there_and_can_be_taken_back() -> None:
    async with console(over()) as c:
        screen = await opened(c)
        screen._bodies["Summary"] = "From facts: it ran 4 days"
        screen.fill()
        assert screen.pane.paper.text == "it ran 4 days"
        assert "Made from facts" in c.text
        await c.rest()
        assert written(c) == {}
        await c.press("c")
        assert written(c) == {}
        assert (c.workspace.state.get("postmortems", 1) or {})["sure.summary"] is True
        assert "Summary · done" in c.text
        await c.press("c")
        assert not (c.workspace.state.get("postmortems", 1) or {}).get("sure.summary")
        screen.goto("timeline")
        await c.press("c")
        assert "only what people write" in c.text


async def test_rows_are_added_changed_and_taken_off_by_the_ordinary_form() -> None:
    async with console(over()) as c:
        screen = await opened(c, "actions")
        assert "nothing yet: n writes the first" in c.text
        await c.press("n")
        assert c.dialog == "Form"
        await c.type("Add a link check\nrina")
        await c.press("enter", "ctrl+o")
        assert parts(c, "action") == ["Add a link check"]
        _number, doc = next(iter(c.workspace.state.items("parts")))
        assert (doc["owner"], doc["due"], doc["priority"], doc["type"]) == ("rina", "2026-10-19", "P2", "prevent")
        assert "needs a word on when it is done" in c.text
        await c.press("enter", "end")
        await c.type(" today")
        await c.press("ctrl+o")
        assert parts(c, "action") == ["Add a link check today"]
        await c.press("d")
        assert parts(c, "action") == []
        await c.press("u")
        assert parts(c, "action") == ["Add a link check today"]
        await c.press("escape")
        assert screen.focused is screen.sections
        for section, sort in (("factors", "factor"), ("lessons", "lesson")):
            screen.goto(section)
            await c.press("n")
            await c.type("No check")
            await c.press("ctrl+o", "escape")
            assert parts(c, sort) == ["No check"]


async def test_a_row_that_somebody_changed_meanwhile_is_asked_about() -> None:
    workspace = over()
    workspace.submit(RINA, AddPart(postmortem=1, sort="factor", values={"text": "one"}))
    async with console(workspace) as c:
        await opened(c, "factors")
        await c.press("enter", "enter")
        assert c.dialog == "Form"
        await c.type("!")
        await by_budi(c, EditPart(part=1, values={"text": "two", "evidence": "EV-1"}))
        await c.press("ctrl+o")
        assert c.dialog == "ConflictDialog"
        await c.press("m")
        assert parts(c, "factor") == ["one!"]


async def test_words_are_warned_of_in_place() -> None:
    async with console(over()) as c:
        screen = await opened(c, "not_worked")
        await c.press("enter")
        await c.type("Budi forgot the link")
        assert "'forgot' beside budi blames" in c.text
        await c.press("escape")
        await c.until(lambda: "! done" in c.text)
        screen.goto("actions")
        await c.press("n")
        await c.type("Be more careful")
        await c.press("ctrl+o")
        assert "name a thing that changes" in c.text


async def test_publishing_says_what_is_missing_and_leads_there() -> None:
    workspace = over()
    workspace.submit(RINA, AddPart(postmortem=1, sort="action", values={"text": "Do it"}))
    async with console(workspace) as c:
        screen = await opened(c)
        await c.press("p")
        assert c.dialog == "Picker"
        assert "a campaign ends with a lesson" in c.text
        assert "needs an owner" in c.text
        await c.press("enter")
        assert c.dialog == "PostmortemScreen"
        assert screen.here is not None
        assert screen.here.section.id == "actions"
        assert screen.focused is screen.pane.rows
        workspace.submit(
            RINA, EditPart(part=1, values=READY), AddPart(postmortem=1, sort="lesson", values={"text": "x"})
        )
        await c.press("p")
        assert "It makes 1 card, 1 playbook entry" in " ".join(c.text.split())
        await c.press("enter")
        assert (workspace.state.get("postmortems", 1) or {})["status"] == "published"
        assert [doc["title"] for _id, doc in workspace.state.items("cards") if doc["kind"] == "action"] == [
            "Add a link check"
        ]
        assert "published: 1 card" in c.text


async def test_the_file_is_written_with_what_was_just_typed(tmp_path: Path) -> None:
    async with console(over(tmp_path)) as c:
        await opened(c, "lucky")
        await c.press("x")
        await c.until(lambda: "written to exports" in c.text)
        assert len(list((tmp_path / "exports").glob("*.md"))) == 1


async def test_skipping_takes_a_reason() -> None:
    async with console(over()) as c:
        await opened(c)
        await c.press("s")
        await c.type("a test\n")
        assert "skipped: a test" in c.text


async def test_the_preview_shows_the_whole_file_and_follows() -> None:
    async with console(over(), size=(160, 45)) as c:
        screen = await opened(c, "lucky")
        await c.press("v")
        assert "Campaign post-mortem: 9.9 [b]sale[/]" in screen.preview.shown.plain
        assert "##" not in screen.preview.shown.plain
        await c.press("enter")
        await c.type("rain")
        await c.until(lambda: "rain" in screen._markdown or written(c))
        await c.press("escape")
        assert not screen.has_class("-preview")


async def test_who_may_not_is_told_and_nothing_is_thrown_away_by_one_key() -> None:
    async with console(over(), actor=READER) as c:
        screen = await opened(c, "lucky")
        await c.press("enter")
        await c.type("rain")
        await c.until(lambda: "may not" in c.text)
        await c.press("escape", "escape")
        assert c.dialog == "PostmortemScreen"
        assert screen.unsaved.texts["lucky"].text == "rain"
        await c.press("escape")
        assert c.dialog == ""


@pytest.mark.parametrize("size", [(20, 5), (80, 24), (200, 60)])
async def test_every_size_takes_every_key(size: tuple[int, int]) -> None:
    async with console(over(), size=size) as c:
        screen = await opened(c)
        for section in ("glance", "summary", "actions"):
            screen.goto(section)
            await c.press("enter", "down", "x" if section == "summary" else "j", "escape", "v", "j", "escape")
            while c.dialog != "PostmortemScreen":
                await c.press("escape")
            assert screen.focused is screen.sections
        await c.press("escape")
        assert c.dialog == ""


async def test_the_mouse_chooses_and_writes() -> None:
    async with console(over(), size=(120, 40)) as c:
        screen = await opened(c)
        await c.pilot.click(screen.sections, offset=(6, 8))
        await c.rest()
        assert screen.here is not None
        assert screen.here.section.id == "decision"
        await c.pilot.click(screen.pane.paper, offset=(3, 1))
        await c.type("the voucher")
        await c.until(lambda: written(c) == {"decision": "the voucher"})
        await c.pilot.click(screen.sections, offset=(6, 1), times=2)
        await c.rest()
        assert screen.focused is screen.pane.paper


@pytest.mark.parametrize(
    "text", ["[/] [bold]x[/] [@click=app.quit]go[/]", "a\x1b[31mb\u202e", "漢字 👩‍👩‍👧", "| --- | `x` # y"]
)
async def test_hostile_texts_are_shown_as_they_are(text: str) -> None:
    workspace = over()
    workspace.submit(
        RINA,
        WriteSection(postmortem=1, section="summary", text=text),
        AddPart(postmortem=1, sort="action", values={"text": text}),
    )
    async with console(workspace, size=(100, 30)) as c:
        screen = await opened(c, "summary")
        for section in ("summary", "actions"):
            screen.goto(section)
            await c.press("v")
            assert all(letter.isprintable() for line in c.text.splitlines() for letter in line)
            await c.press("v", "enter")
            assert all(letter.isprintable() for line in c.text.splitlines() for letter in line)
            await c.press("escape")
        assert c.dialog == "PostmortemScreen"
