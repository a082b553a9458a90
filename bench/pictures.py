"""Pictures of the console: an app's screen as SVG, and as PNG where rsvg-convert is installed (librsvg2-bin).

`picture(app, path, size)` runs a Textual app without a terminal, presses keys, and writes what it shows.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from textual.app import App

FONT = "DejaVu Sans Mono"
Step = Callable[[Any], Awaitable[None]]


def picture(
    app: App[Any], path: Path, size: tuple[int, int], keys: Sequence[str] = (), step: Step | None = None
) -> Path:
    """Write the app's screen after `keys` (and `step(pilot)`) to `path`: .svg, or .png by way of an SVG beside it."""
    svg = asyncio.run(_shoot(app, size, keys, step))
    path.parent.mkdir(parents=True, exist_ok=True)
    target = path.with_suffix(".svg")
    target.write_text(svg, "utf-8")
    convert = shutil.which("rsvg-convert")
    if path.suffix != ".png" or convert is None:
        return target
    subprocess.run([convert, "-z", "1.2", "-o", str(path), str(target)], check=True)
    target.unlink()
    return path


async def _shoot(app: App[Any], size: tuple[int, int], keys: Sequence[str], step: Step | None) -> str:
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if keys:
            await pilot.press(*keys)
        if step is not None:
            await step(pilot)
        await pilot.pause()
        return bare(app.export_screenshot(title="opstui"))


_CELL = 12.2
"""Rich draws cells this wide (and 24.4 high) at a font size of 20."""
_TEXT = re.compile(
    r'<text class="([^"]*)" x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)" clip-path="([^"]*)">(.*?)</text>'
)
_HALVES = {"▌": 0.0, "▐": 0.5}


def bare(svg: str) -> str:
    """The picture for a renderer offline: an installed font in the size that fills the cells, and no leading blanks.

    rsvg knows no `textLength` and eats blanks at the beginning, so texts begin at their first letter; half blocks
    become rectangles, which leave no hairlines between lines.
    """
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", FONT).replace("font-size: 20px", "font-size: 20.26px")
    return _TEXT.sub(_placed, svg)


def _placed(match: re.Match[str]) -> str:
    style, x, y, length, clip, text = match.groups()
    stripped = text.lstrip("\u00a0").removeprefix("&#160;")
    while stripped.startswith(("&#160;", "\u00a0")):
        stripped = stripped.removeprefix("&#160;").removeprefix("\u00a0")
    blanks = text.count("&#160;", 0, len(text) - len(stripped)) + text[: len(text) - len(stripped)].count("\u00a0")
    left = float(x) + blanks * _CELL
    if stripped in _HALVES:
        left += _HALVES[stripped] * _CELL
        return f'<rect class="{style}" x="{left}" y="{float(y) - 18.5}" width="{_CELL / 2}" height="24.65"/>'
    wide = float(length) - blanks * _CELL
    return f'<text class="{style}" x="{left:.1f}" y="{y}" textLength="{wide:.1f}" clip-path="{clip}">{stripped}</text>'
