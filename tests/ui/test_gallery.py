"""Every screen in every size, held to what all words of ours keep; and the page of pictures to its list of screens."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from bench import gallery
from bench.scenes import SCENES, Scene
from bench.svg import svg
from opstui.ui.widgets.board import Board
from opstui.ui.widgets.filter_line import FilterLine
from opstui.ui.widgets.header import Header
from opstui.ui.widgets.hint import Hint
from opstui.ui.widgets.kpi_pane import KpiPane
from opstui.ui.widgets.kpi_strip import KpiStrip

SOAK = os.environ.get("OPSTUI_SOAK")
"""With it larger terminals are looked at too: `make soak`."""
SIZES = gallery.SIZES if SOAK else gallery.SIZES[:1]
"""Where words have the least room; the larger ones with time."""

OURS = (Header, Hint, KpiStrip, KpiPane, FilterLine)
"""What says nothing but our own words, which are never cut in the middle."""
SCROLLED: dict[str, str] = {"filters-edit": "a reason stands in their place until the next key"}
"""Dialogs whose keys are out of sight, and why."""
KNOWN: set[tuple[str, str]] = set()
"""Words that are cut, and known to be: (screen, widget)."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop at the pictures' moment."""
    return gallery.build_shop(tmp_path_factory.mktemp("gallery") / "shop")


@dataclass
class Picture:
    """An application that shows a screen: the console or its start screen."""

    app: App[Any]
    pilot: Pilot[Any]

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())


def steps(scene: Scene) -> tuple[object, ...]:
    """What leads to a screen, one thing after the other."""
    return (scene.place, scene.before, *scene.keys, *filter(None, [scene.meanwhile]), *scene.then, scene.act)


def walks() -> list[list[str]]:
    """Screens in walks: each is on the way to the next, which is then reached from there and not from the beginning."""
    found: list[list[str]] = []
    for name in sorted(SCENES, key=lambda name: (len(steps(SCENES[name])), name)):
        way = steps(SCENES[name])
        before = [
            walk for walk in found if way[: len(last := steps(SCENES[walk[-1]])) - 1] == last[:-1] and not last[-1]
        ]
        if before:
            max(before, key=lambda walk: len(steps(SCENES[walk[-1]]))).append(name)
        else:
            found.append([name])
    return found


async def walk_on(pilot: Pilot[Any], name: str, before: str | None) -> None:
    """Go to a screen, from the one before it in its walk."""
    scene = SCENES[name]
    if before is None:
        await gallery.reach(pilot, scene)
        return
    done = SCENES[before]
    keys, then = scene.keys[len(done.keys) :], scene.then[len(done.then) :]
    rest = Scene(scene.title, then) if done.meanwhile else Scene(scene.title, keys, scene.meanwhile, then)
    await gallery.reach(pilot, replace(rest, act=scene.act))


@pytest.mark.parametrize("walk", walks(), ids="-".join)
async def test_every_word_of_ours_is_whole_in_every_size(shop: Path, tmp_path: Path, walk: list[str]) -> None:
    own = shutil.copytree(shop, tmp_path / "shop")
    async with gallery.opened(SCENES[walk[0]], own, gallery.SIZES[0]) as pilot:
        page = Picture(pilot.app, pilot)
        for before, scene in zip((None, *walk), walk, strict=False):
            await walk_on(pilot, scene, before)
            for size in SIZES:
                if tuple(pilot.app.size) != size:
                    await pilot.resize_terminal(*size)
                    await gallery.settle(pilot)
                assert list(faults(page, scene, size)) == [], f"{scene} at {size}:\n{page.text}"


def test_each_screen_is_in_one_walk_behind_those_on_its_way() -> None:
    assert sorted(name for walk in walks() for name in walk) == sorted(SCENES)
    assert ["import", "import-file"] not in walks(), "what is done before the first picture is part of the way"
    assert next(walk for walk in walks() if "conflict-long" in walk)[-1] == "conflict-merged"


def faults(page: Picture, scene: str, size: tuple[int, int]) -> Iterator[str]:
    """What is wrong with a picture."""
    strips = page.app.screen._compositor.render_strips()
    for y, strip in enumerate(strips):
        if cell_len(strip.text) != size[0]:
            yield f"line {y} has {cell_len(strip.text)} cells"
        yield from _cut(page, scene, y, strip.text)
    yield from _keys(page, scene)
    yield from _amounts(page)


def _cut(page: Picture, scene: str, y: int, line: str) -> Iterator[str]:
    """Words of ours that end in an ellipsis, but for those that leave out whole ones."""
    for found in re.finditer(r"\S…", line):
        widget = _under(page, cell_len(line[: found.start()]), y)
        told = isinstance(widget, Hint) and widget.said
        if isinstance(widget, OURS) and not told and (scene, type(widget).__name__) not in KNOWN:
            yield f"{type(widget).__name__} is cut: {line.strip()}"


def _under(page: Picture, x: int, y: int) -> Widget:
    """The widget at a place; one of ours when it is inside one."""
    widget, _region = page.app.screen.get_widget_at(x, y)
    return next((node for node in widget.ancestors_with_self if isinstance(node, OURS)), widget)


def _keys(page: Picture, scene: str) -> Iterator[str]:
    """A dialog tells how to leave it, and neither its title nor its keys are longer than their line."""
    if not isinstance(page.app.screen, ModalScreen):
        return
    if "esc" not in page.text and scene not in SCROLLED:
        yield "no word of how to leave"
    for line in page.app.screen.query(".title, .keys").results(Static):
        if cell_len(str(line.content)) > line.content_size.width:
            yield f"more than its line holds: {line.content}"


def _amounts(page: Picture) -> Iterator[str]:
    """In a lane all amounts end in one column."""
    for lane in page.app.screen.query(Board).results(Board):
        for x, width in lane._geometry.spans:
            ends = {
                cell_len(strip.text.rstrip())
                for y in range(lane._geometry.body, lane.size.height, lane._geometry.step)
                for strip in [_crop(lane, x, width, y)]
                if re.search(r"\d (rb|jt)$", strip.text.rstrip())
            }
            if len(ends) > 1:
                yield f"amounts end in columns {ends}"


def _crop(lane: Board, x: int, width: int, y: int) -> Strip:
    return lane.render_lines(Region(x, y, width - 2, 1))[0]


# ------------------------------------------------------------------ the pictures


def test_the_page_shows_every_screen_in_every_size_and_look() -> None:
    shots = list(gallery.shots())
    assert len({shot.name for shot in shots}) == len(shots) == len(SCENES) * len(gallery.LOOKS) * len(gallery.SIZES)
    told = re.findall(r"\]\(gallery/([\w-]+)\.svg\)", gallery.page())
    assert set(told) == {shot.name for shot in shots}


def test_what_is_kept_is_what_the_page_shows() -> None:
    assert gallery.PAGE.read_text("utf-8") == gallery.page(), "make gallery"
    kept = {path.stem: path for path in gallery.FOLDER.glob("*.svg")}
    assert kept.keys() == {shot.name for shot in gallery.shots()}, "make gallery"
    assert not [name for name, path in kept.items() if re.search(r"url\(|https?://(?!www\.w3\.org)", path.read_text())]


def test_a_picture_is_the_same_each_time(shop: Path) -> None:
    sitting = gallery.Sitting("edit", (80, 24), plain=False)
    first = gallery.take(shop, sitting)
    assert first == gallery.take(shop, sitting)
    assert len(set(first.values())) == len(gallery.LOOKS) - 1, "each look is another one"


def test_a_picture_is_made_of_grounds_runs_and_blocks() -> None:
    red = Style.parse("#ff0000 on #000001")
    drawn = svg([[Segment(" a b  c▌", red), Segment("<漢>", red + Style(bold=True))]] * 2, 12)
    assert drawn.count('fill="#000001"') == 1, "one path for a ground that is the same on two lines"
    assert re.findall(r'<text x="(\d+)" y="15"[^>]*>([^<]*)<', drawn) == [
        ("10", "a b"),
        ("60", "c"),
        ("80", "&lt;"),
        ("90", "漢"),
        ("110", "&gt;"),
    ]
    assert 'd="M70 0h5v40h-5z"' in drawn, "a half block is a shape"
