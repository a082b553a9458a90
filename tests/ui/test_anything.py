"""Random keys, mice, pastes and sizes, in every screen, with others at work in between: nothing breaks or is lost.

`make soak` (or OPSTUI_SOAK=n) does 500 steps in every scene, in n plans.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable, Coroutine
from typing import Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

from bench.scenes import SCENES
from opstui.ui.commands import COMMANDS
from ui.anything import HOSTILE, Step, player
from ui.beginner import from_the_start

SOAK = int(os.environ.get("OPSTUI_SOAK", "0"))
"""How many plans are played in every scene; nought means that this is the usual test."""
SEED = int(os.environ.get("OPSTUI_SEED", "0")) or (random.randrange(1, 10**6) if SOAK else 1)
"""Where the plans come from: the usual test makes the same every time, a soak others each time, unless told."""
LENGTH = 500 if SOAK else 24
PLACES = {name: scene for name, scene in SCENES.items() if scene.place in ("shop", "empty")}
"""Where random keys are pressed: in every scene of the gallery; the start screen has a test of its own."""
VISITED = (
    *(
        "board",
        "card",
        "filter",
        "numbers",
        "campaigns",
        "new",
        "edit",
        "assign",
        "due",
        "comment",
        "checklist",
        "block",
    ),
    *("link", "jump", "conflict", "palette", "keys", "tour", "marked", "stages", "result", "archive", "archive-read"),
    *("paste", "progress", "import-report", "sort", "swimlanes", "face-parts", "filters", "save-filter"),
    *("my-work", "find", "themes", "help"),
)
"""The usual test goes from one of these scenes to the next, and leaves those that are much like another to the soak."""
ROUNDS = 4
"""In so many parts."""
STAY = 3
"""Steps it does in each."""

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


async def test_a_paste_sends_nothing_but_text_to_the_terminal() -> None:
    async with player(SCENES["new"], (80, 24)) as page:
        for text in HOSTILE:
            await page.do([Step("paste", text)] * 2)
            assert "\x1b" not in page.text


async def test_a_long_message_beside_little_room_is_as_wide_as_the_line() -> None:
    async with player(SCENES["board"]) as page:
        await page.do([Step("size", (20, 5)), Step("key", "L"), Step("rest"), Step("rest")])
        assert all(len(line) <= 20 for line in page.text.splitlines())


async def test_numbers_that_come_while_a_card_hides_them_are_arranged_for_the_room_they_get() -> None:
    async with player(SCENES["board"], (160, 45)) as page:
        pane = page.board.pane
        await page.until(lambda: pane.shown.tiles)
        await page.press("tab", "tab")
        rows = list(pane._rows)
        await page.press("enter")
        pane.show(pane.shown.tiles, pane.shown.flow, pane.shown.campaigns)
        await page.press("escape")
        assert pane._rows == rows
        page.look("the card is closed")


async def test_the_cursor_of_the_numbers_is_seen_however_often_the_focus_went_there() -> None:
    async with player(SCENES["board"]) as page:
        await page.until(lambda: page.board.pane.shown.tiles)
        await page.do([Step("key", "tab")] * 7)


Played = Callable[[list[Step]], Coroutine[Any, Any, None]]


def played(name: str, length: int, play: Played) -> None:
    """Have hypothesis make plans of so many steps, and play them."""

    @seed(SEED + crc32(name.encode()))
    @settings(PLAYING, max_examples=max(1, SOAK) + 1)
    @given(plan=st.lists(steps(), min_size=length, max_size=length))
    def holds(plan: list[Step]) -> None:
        if all(step.sort == "rest" for step in plan):
            return  # the simplest plan, which hypothesis begins with
        note(f"again: OPSTUI_SOAK={SOAK} OPSTUI_SEED={SEED} pytest tests/ui/test_anything.py -k '{name}]'")
        asyncio.run(play(plan))

    holds()


PLAYING = settings(
    derandomize=False, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@pytest.mark.skipif(not SOAK, reason="make soak: an hour and more")
@pytest.mark.parametrize("mode", PLACES)
@pytest.mark.timeout(3600)
@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of a plan that failed: it would hide why
def test_whatever_is_done_in_a_scene_nothing_breaks_and_nothing_is_lost(mode: str) -> None:
    async def play(plan: list[Step]) -> None:
        async with player(PLACES[mode]) as page:
            await page.do(plan)
            await page.settle_accounts()

    played(mode, LENGTH, play)


@pytest.mark.parametrize("part", [f"part-{n}" for n in range(ROUNDS)])
def test_whatever_is_done_from_scene_to_scene_nothing_breaks_and_nothing_is_lost(part: str) -> None:
    scenes = [SCENES[name] for name in VISITED[int(part[5:]) :: ROUNDS]]

    async def play(plan: list[Step]) -> None:
        async with player(SCENES["board"], (80, 24)) as page:
            for n, scene in enumerate(scenes):
                await page.go_home()
                await page.go_to(scene)
                await page.do(plan[n * STAY : (n + 1) * STAY], thorough=False)
            await page.settle_accounts()

    played(part, STAY * len(scenes), play)


def test_whatever_is_done_at_the_start_a_workspace_can_be_made_and_used() -> None:
    async def play(plan: list[Step]) -> None:
        half = len(plan) // 2
        await from_the_start(plan[:half], plan[half:], thorough=bool(SOAK))

    played("start", LENGTH, play)
