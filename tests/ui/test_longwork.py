"""Long work: what it tells, how it ends, and that nothing is left hanging."""

from __future__ import annotations

import threading
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from opstui.domain.model import Refused
from opstui.formats import Formats
from opstui.ui import longwork
from opstui.ui.longwork import Cancelled, Progress, bar, figures, long_work
from ui.page import Console, console, memory_workspace, orders

EN = Formats("en", "IDR", ZoneInfo("UTC"))
CELLS = 10


@pytest.mark.parametrize(
    ("done", "total", "seconds", "told"),
    [
        (0, 0, 5.0, "working ..."),
        (0, 3000, 0.1, "0 of 3,000   0%"),
        (1500, 3000, 0.5, "1,500 of 3,000   50%"),
        (1500, 3000, 2.0, "1,500 of 3,000   50%   750 a second   about 2 s left"),
        (3000, 3000, 2.0, "3,000 of 3,000   100%   1,500 a second"),
    ],
)
def test_how_far_it_is_in_words(done: int, total: int, seconds: float, told: str) -> None:
    assert figures(done, total, seconds, EN) == told


@pytest.mark.parametrize(("done", "total", "full"), [(0, 0, 0), (0, 9, 0), (1, 2, 5), (9, 9, 10), (12, 9, 10)])
def test_the_bar_is_as_wide_as_it_should_be(done: int, total: int, full: int) -> None:
    filled, left = bar(done, total, CELLS)
    assert (len(filled), len(filled + left)) == (full, CELLS)


def test_cancelling_ends_the_work_at_its_next_step_and_not_in_a_final_part() -> None:
    progress = Progress()
    progress(1, 3)
    progress.cancel()
    with pytest.raises(Cancelled):
        progress(2, 3)
    with pytest.raises(Cancelled):
        progress.begin("next")
    last = Progress()
    last.begin("writing", final=True)
    last.cancel()
    last(1, 1)


class Work:
    """Work that a test holds in its hand: it goes a step on when it is told to."""

    def __init__(self) -> None:
        self.may_go = threading.Event()
        self.steps = 0

    def __call__(self, progress: Progress) -> str:
        for n in range(3):
            progress(n, 3)
            self.steps += 1
            assert self.may_go.wait(10)
        return "done"


async def begin(page: Console, work: Callable[[Progress], str]) -> list[object]:
    """Start the work on the board screen; what it gives or raises is put into the list."""
    ended: list[object] = []

    async def carry_out() -> None:
        try:
            ended.append(await long_work(page.board.ask, "Counting beans", work, EN, "no bean is lost"))
        except (Cancelled, Refused) as why:
            ended.append(why)

    page.board.run(carry_out())
    return ended


async def test_a_dialog_shows_how_far_it_is_and_closes_with_the_work() -> None:
    work = Work()
    async with console(memory_workspace(*orders(2))) as page:
        ended = await begin(page, work)
        await page.until(lambda: page.dialog == "ProgressScreen")
        await page.until(lambda: "Counting beans" in page.text and "0 of 3" in page.text)
        assert "esc stop: no bean is lost" in page.text
        work.may_go.set()
        await page.until(lambda: ended)
        await page.rest()
        assert (ended, page.dialog) == (["done"], "")


@pytest.mark.parametrize("size", [(20, 5), (80, 24)])
async def test_esc_ends_it_and_no_key_reaches_the_board(size: tuple[int, int]) -> None:
    work = Work()
    async with console(memory_workspace(*orders(2)), size=size) as page:
        ended = await begin(page, work)
        await page.until(lambda: page.dialog == "ProgressScreen")
        await page.press("x", "L", "escape")
        assert "stopping" in page.text
        work.may_go.set()
        await page.until(lambda: ended)
        await page.rest()
        assert isinstance(ended[0], Cancelled)
        assert (page.dialog, work.steps) == ("", 1)
        assert [event.kind for event in page.events() if event.kind in ("archived", "moved")] == []


async def test_what_is_over_soon_shows_no_dialog(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(longwork, "PATIENCE", 10)
    async with console(memory_workspace()) as page:
        ended = await begin(page, lambda _progress: "at once")
        await page.until(lambda: ended)
        assert (ended, page.dialog) == (["at once"], "")


async def test_a_refusal_comes_through() -> None:
    def refuse(_progress: Progress) -> str:
        raise Refused("no")

    async with console(memory_workspace()) as page:
        ended = await begin(page, refuse)
        await page.until(lambda: ended)
        assert str(ended[0]) == "no"


async def test_leaving_the_console_ends_the_work() -> None:
    seen: list[Progress] = []

    def work(progress: Progress) -> str:
        seen.append(progress)
        while not progress.cancelled:
            threading.Event().wait(0.01)
        progress(1, 1)
        return ""

    async with console(memory_workspace()) as page:
        await begin(page, work)
        await page.until(lambda: page.dialog == "ProgressScreen")
    assert seen[0].cancelled
