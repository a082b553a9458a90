"""`make gallery`: pictures of every screen and dialog, of the sample shop at a fixed moment, and a page of them.

A screen is reached once in each size and then wears one look after the other, as a person tries themes; only NO_COLOR
is for the whole of a sitting. `--into` draws into another folder, `--sheets` puts the pictures of a screen side by side
as PNG (needs rsvg-convert).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.readme_pictures import MOMENT
from bench.scenes import SCENES, Scene
from bench.svg import HIGH, WIDE, svg
from opstui.demo import build_demo
from opstui.recent import Recent
from opstui.ui.app import OpsApp
from opstui.ui.screens.board import BoardScreen
from opstui.ui.start import Offer, StartApp
from opstui.ui.wardrobe import Wardrobe
from opstui.workspace import create_workspace, open_workspace

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from opstui.workspace import Workspace

DOCS = Path(__file__).parents[1] / "docs"
FOLDER, PAGE = DOCS / "gallery", DOCS / "gallery.md"
SIZES = ((80, 24), (120, 40), (200, 60))
MIDDLE = (120, 40)
USUAL, PLAIN = "dark", "no-colour"
LOOKS = (USUAL, "light", "high-contrast", PLAIN)
"""Themes by name; the last is the usual one under NO_COLOR."""


@dataclass(frozen=True)
class Shot:
    """One picture."""

    scene: str
    look: str
    size: tuple[int, int]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return f"{self.scene}-{self.look}-{self.size[0]}x{self.size[1]}"


@dataclass(frozen=True)
class Sitting:
    """A screen in one size, with colours or without."""

    scene: str
    size: tuple[int, int]
    plain: bool

    def shots(self) -> Iterator[Shot]:
        """Its pictures."""
        return (Shot(self.scene, look, self.size) for look in LOOKS if (look == PLAIN) == self.plain)


def sittings() -> Iterator[Sitting]:
    """All of them."""
    return (Sitting(scene, size, plain) for scene in SCENES for size in SIZES for plain in (False, True))


def shots() -> Iterator[Shot]:
    """Every picture there is."""
    return (shot for sitting in sittings() for shot in sitting.shots())


def page() -> str:
    """The page, as Markdown: a picture of each screen, and the way to all others of it."""
    parts = [
        "# Every screen of the console",
        "Made by `make gallery` from the sample shop. The screens are those of `bench/scenes.py`: one line each.",
    ]
    for name, scene in SCENES.items():
        parts += [f"## {scene.title}", *_told(scene), _picture(Shot(name, USUAL, MIDDLE)), _table(name)]
    return "\n\n".join(parts) + "\n"


def _told(scene: Scene) -> list[str]:
    keys = " ".join(f"`{_KEYS.get(key, key)}`" for key in (*scene.keys, *scene.then))
    return [f"Keys: {keys}"] if keys else []


def _picture(shot: Shot) -> str:
    return f"![{SCENES[shot.scene].title}](gallery/{shot.name}.svg)"


def _table(scene: str) -> str:
    """A row for each look, a way to the picture in each size."""
    rows = [["Look", *(f"{w} × {h}" for w, h in SIZES)], ["---"] * (len(SIZES) + 1)]
    rows += [
        [look, *(f"[{w} × {h}](gallery/{Shot(scene, look, (w, h)).name}.svg)" for w, h in SIZES)] for look in LOOKS
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


_KEYS = {
    "slash": "/",
    "colon": ":",
    "minus": "-",
    "at": "@",
    "full_stop": ".",
    "comma": ",",
    "plus": "+",
    "greater_than_sign": ">",
    "question_mark": "?",
    "exclamation_mark": "!",
}


async def reach(pilot: Pilot[Any], scene: Scene) -> None:
    """Go from the first picture to a screen, and wait until everything on it is there."""
    await _press(pilot, scene.keys)
    if scene.meanwhile:
        scene.meanwhile(pilot.app.session.workspace)  # type: ignore[attr-defined]
        await _press(pilot, scene.then)
    if scene.act:
        await scene.act(pilot)
        await settle(pilot)


async def _press(pilot: Pilot[Any], keys: Sequence[str]) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def settle(pilot: Pilot[Any]) -> None:
    """Until the writer, the numbers and the timelines have said what they have to."""
    await pilot.pause()
    board = next((screen for screen in pilot.app.screen_stack if isinstance(screen, BoardScreen)), None)
    if board is None:
        return
    numbers, view = board.numbers, board.card_view
    if numbers._timer is not None:  # noqa: SLF001 - it would wait for a moment without keys
        numbers.close()
        numbers._start()  # noqa: SLF001

    def at_work() -> bool:
        reading = view.card is not None and board.timelines.known(view.card) is None
        return bool(board.session.busy) or numbers._busy or reading  # noqa: SLF001

    while at_work():  # noqa: ASYNC110 - threads of the console's own, which tell nobody else
        await asyncio.sleep(0.002)
    await pilot.pause()


def take(shop: Path, sitting: Sitting) -> dict[Shot, str]:
    """The pictures of a sitting, as SVG, of a shop that is left as it was."""
    with tempfile.TemporaryDirectory(prefix="opstui-gallery-") as scratch, _colours(plain=sitting.plain):
        return asyncio.run(_shoot(shutil.copytree(shop, Path(scratch) / "shop"), sitting))


async def _shoot(shop: Path, sitting: Sitting) -> dict[Shot, str]:
    scene, pictures = SCENES[sitting.scene], {}
    async with opened(scene, shop, sitting.size) as pilot:
        await reach(pilot, scene)
        for shot in sitting.shots():
            if not sitting.plain:  # without colours there is nothing to put on
                await _wear(pilot, shot.look)
            rows = [list(strip) for strip in pilot.app.screen._compositor.render_strips()]  # noqa: SLF001
            pictures[shot] = svg(rows, shot.size[0], theme=pilot.app.ansi_theme)
    return pictures


async def _wear(pilot: Pilot[Any], theme: str) -> None:
    """Put on a theme, beneath whatever is open."""
    app = pilot.app
    if theme != app.theme and isinstance(app, Wardrobe):
        app.all_themes()
        app.theme = theme
        await settle(pilot)


@asynccontextmanager
async def opened(scene: Scene, shop: Path, size: tuple[int, int]) -> AsyncIterator[Pilot[Any]]:
    """The application a screen is part of, at its first picture; `shop` is a folder that may be changed."""
    if scene.place in ("nowhere", "known"):
        start = StartApp(_offer(known=scene.place == "known"))
        start.dress([USUAL], ())
        async with start.run_test(size=size) as pilot:
            await settle(pilot)
            yield pilot
        return
    if scene.place == "empty":
        create_workspace(shop.parent / "empty", lambda: MOMENT, owner="rina", name="Kopi Lereng").close()
        settings, shop = shop / "opstui.toml", shop.parent / "empty"
        shutil.copy(settings, shop)
    app = _console(scene, shop)
    try:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            yield pilot
    finally:
        app.session.close()
        app.session.workspace.close()


def _console(scene: Scene, shop: Path) -> OpsApp:
    workspace = open_workspace(shop, lambda: MOMENT)
    if scene.before:
        scene.before(workspace)
    return OpsApp(workspace, workspace.member("rina"))


def _offer(*, known: bool) -> Offer:
    """What the start screen has to offer; none of it is done."""
    home = Path.home()
    lately = (
        Recent(str(home / "kopi-lereng"), "Kopi Lereng", "2026-11-16T01:00:00Z"),
        Recent(str(home / "second-shop"), "Second shop", "2026-11-10T01:00:00Z"),
        Recent("/srv/shops/market", "Market stall", "2026-08-02T01:00:00Z"),
    )

    def never(*_asked: object) -> Workspace:
        raise NotImplementedError

    return Offer(
        folder=home,
        named=False,
        recent=lately if known else (),
        now=MOMENT,
        open=never,
        demo=never,
        make=never,
    )


@contextmanager
def _colours(*, plain: bool) -> Iterator[None]:
    """With colours, or under NO_COLOR."""
    before = os.environ.pop("NO_COLOR", None)
    os.environ["TZ"] = "Asia/Jakarta"  # what a new workspace guesses from
    if plain:
        os.environ["NO_COLOR"] = "1"
    try:
        yield
    finally:
        os.environ.pop("NO_COLOR", None)
        if before is not None:
            os.environ["NO_COLOR"] = before


def build_shop(folder: Path) -> Path:
    """The sample shop, at the fixed moment, without a theme of its own."""
    build_demo(folder, now=lambda: MOMENT, owner="rina").close()
    settings = folder / "opstui.toml"
    lines = [line for line in settings.read_text("utf-8").splitlines() if not line.startswith("theme")]
    settings.write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def main() -> None:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.gallery", description=__doc__)
    parser.add_argument("names", nargs="*", help="screens to draw (else every one): beginnings of their names")
    parser.add_argument("--into", metavar="FOLDER", type=Path, help="where to draw (else beside the page)")
    parser.add_argument("--sheets", metavar="FOLDER", type=Path, help="one PNG a screen and look, into this folder")
    asked = parser.parse_args()
    chosen = [sitting for sitting in sittings() if sitting.scene.startswith(tuple(asked.names) or ("",))]
    with tempfile.TemporaryDirectory(prefix="opstui-gallery-") as scratch:
        shop = build_shop(Path(scratch) / "shop")
        folder = asked.into or (Path(scratch) / "drawn" if asked.sheets else FOLDER)
        if folder == FOLDER and not asked.names:
            shutil.rmtree(FOLDER, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor() as pool:
            for sitting, pictures in zip(chosen, pool.map(partial(take, shop), chosen), strict=True):
                for shot, picture in pictures.items():
                    (folder / f"{shot.name}.svg").write_text(picture, "utf-8")
                sys.stderr.write(f"{sitting.scene} {sitting.size[0]}x{sitting.size[1]}\n")
        if asked.sheets:
            sheets(folder, asked.sheets, [shot for sitting in chosen for shot in sitting.shots()])
    if folder == FOLDER:
        PAGE.write_text(page(), "utf-8")


def sheets(folder: Path, target: Path, chosen: Sequence[Shot]) -> None:
    """One PNG of every screen in each look, its sizes beside each other, for human eyes."""
    target.mkdir(parents=True, exist_ok=True)
    for name, look in dict.fromkeys((shot.scene, shot.look) for shot in chosen):
        x, high, parts = 0, 0, []
        for shot in (shot for shot in chosen if (shot.scene, shot.look) == (name, look)):
            wide, lines = shot.size[0] * WIDE, shot.size[1] * HIGH
            picture = (folder / f"{shot.name}.svg").read_text("utf-8")
            parts.append(picture.replace("<svg ", f'<svg x="{x}" width="{wide}" height="{lines}" ', 1))
            x, high = x + wide + HIGH, max(high, lines)
        sheet = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {x} {high}">{"".join(parts)}</svg>'
        png = target / f"{name}-{look}.png"
        subprocess.run(["rsvg-convert", "-w", str(x // 2), "-o", str(png)], input=sheet.encode(), check=True)


if __name__ == "__main__":
    main()
