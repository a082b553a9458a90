"""Random keys, mice, pastes and sizes, in every screen, with others at work in between: nothing breaks or is lost.

`make soak` (or OPSTUI_SOAK=20) does many times as much.
"""

from __future__ import annotations

import asyncio
import os
import random
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

from bench.scenes import SCENES, Scene, typed
from opstui.ui.commands import COMMANDS
from ui.anything import HOSTILE, Step, player

SOAK = int(os.environ.get("OPSTUI_SOAK", "0"))
"""How many times the usual number of plans; nought means that this is the usual test."""
SEED = int(os.environ.get("OPSTUI_SEED", "0")) or (random.randrange(1, 10**6) if SOAK else 1)
"""Where the plans come from: the usual test makes the same every time, a soak others each time, unless told."""
PLANS = max(1, SOAK)
LENGTH = 500 if SOAK else 24
MORE = {
    "palette": Scene("The palette", ("ctrl+p", *typed("mo"))),
    "marked": Scene("Cards marked", ("space", "space", "v")),
    "stages": Scene("The stage to move to", ("space", "space", "M")),
    "archive": Scene("The archive", ("x", "A")),
    "sort": Scene("What the lane is sorted by", ("o",)),
    "swimlanes": Scene("Swimlanes", ("W", "j", "enter")),
    "list": Scene("Cards on one line", ("z", "z")),
    "face": Scene("What stands on the cards", ("Z",)),
    "filters": Scene("Saved filters", ("f",)),
    "save-filter": Scene("A filter to be saved", ("slash", *typed("is:late"), "enter", "S")),
    "my-work": Scene("My work", ("w",)),
    "find": Scene("Find", ("F", *typed("order"))),
    "keys": Scene("Keys of one's own", ("ctrl+p", *typed("keys"), "enter")),
    "tour": Scene("The tour", ("question_mark", "t")),
    "import": Scene("What to take in", ("ctrl+p", *typed("import"), "enter")),
    "export": Scene("What to give out", ("ctrl+p", *typed("export"), "enter")),
}
"""Where random keys are pressed beside the scenes of the gallery."""
PLACES = {**MORE, **SCENES}
MODES = (
    *("board", "card", "filter", "numbers", "new", "edit", "comment", "help", "themes", "conflict"),
    *("jump", "checklist", "assign", "due", "link", "block"),
    *MORE,
)

_COMMANDS = sorted({key for command in COMMANDS.values() for key in command.keys})
_OTHERS = (
    *"abcxyz0159.,:;-+%",
    *("tab", "shift+tab", "enter", "escape", "backspace", "delete", "space"),
    *("ctrl+a", "ctrl+e", "ctrl+k", "ctrl+u", "ctrl+w", "ctrl+s", "ctrl+c", "ctrl+v", "ctrl+x", "ctrl+q", "ctrl+p"),
    *("shift+home", "shift+end", "ctrl+left", "ctrl+right", "f2", "f12", "insert"),
)
_SIZES = ((20, 5), (40, 10), (80, 24), (119, 30), (120, 36), *(((200, 60), (300, 100)) if SOAK else ()))
_PLACE = st.integers(0, 40).map(lambda n: n / 40)


def steps() -> st.SearchStrategy[Step]:
    """Anything a person can do; what is usual comes often."""
    keys = st.sampled_from([*_COMMANDS, *_OTHERS]).map(lambda key: Step("key", key))
    motions = st.sampled_from([*"jjkkhl", "enter", "down", "tab"]).map(lambda key: Step("key", key))
    rare = st.one_of(
        st.sampled_from(HOSTILE).map(lambda text: Step("paste", text)),
        st.sampled_from(["rina", "due:fri owner:me", "1.250,50", "budi, vip", "é漢🙂"]).map(lambda t: Step("text", t)),
        st.tuples(_PLACE, _PLACE, st.integers(1, 3), st.booleans()).map(lambda what: Step("click", what)),
        st.tuples(_PLACE, _PLACE, st.integers(-4, 4)).map(lambda what: Step("wheel", what)),
        st.tuples(_PLACE, _PLACE, _PLACE, _PLACE).map(lambda what: Step("drag", what)),
        st.sampled_from(_SIZES).map(lambda size: Step("size", size)),
        st.integers(0, 999).map(lambda number: Step("other", number)),
    )
    return st.one_of(st.just(Step("rest")), motions, keys, keys, keys, rare, rare)


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_paste_sends_nothing_but_text_to_the_terminal(text: str) -> None:
    async with player(SCENES["new"]) as page:
        await page.do([Step("paste", text)] * 2)
        assert "\x1b" not in page.text


async def test_a_long_message_beside_little_room_is_as_wide_as_the_line() -> None:
    async with player(SCENES["board"]) as page:
        await page.do([Step("size", (20, 5)), Step("key", "L"), Step("rest"), Step("rest")])
        assert all(len(line) <= 20 for line in page.text.splitlines())


async def test_numbers_that_come_while_a_card_hides_them_are_arranged_for_the_room_they_get() -> None:
    async with player(SCENES["board"], (160, 45)) as page:
        pane = page.board.pane
        await page.until(lambda: pane._tiles)
        await page.press("tab", "tab")
        rows = list(pane._rows)
        await page.press("enter")
        pane.show(pane._tiles, pane._flow, pane._campaigns)
        await page.press("escape")
        assert pane._rows == rows
        page.look("the card is closed")


async def test_the_cursor_of_the_numbers_is_seen_however_often_the_focus_went_there() -> None:
    async with player(SCENES["board"]) as page:
        await page.until(lambda: page.board.pane._tiles)
        await page.do([Step("key", "tab")] * 7)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.timeout(3600 if SOAK else 120)
def test_whatever_is_done_nothing_breaks_and_nothing_is_lost(mode: str) -> None:
    @seed(SEED + crc32(mode.encode()))
    @settings(
        max_examples=PLANS + 1,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
    )
    @given(plan=st.lists(steps(), min_size=LENGTH, max_size=LENGTH))
    def holds(plan: list[Step]) -> None:
        if any(step.sort != "rest" for step in plan):  # the first that hypothesis makes is of nothing but rests
            note(f"again: OPSTUI_SOAK={SOAK} OPSTUI_SEED={SEED} pytest tests/ui/test_anything.py -k '{mode}]'")
            asyncio.run(_played(mode, plan))

    holds()


async def _played(mode: str, plan: list[Step]) -> None:
    async with player(PLACES[mode]) as page:
        await page.do(plan)
        page.settle_accounts()
