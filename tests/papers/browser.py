"""Documents as a reader sees them: rendered as GitHub does, Mermaid drawn by a headless Chromium, and looked at.

One page holds all diagrams, since starting the browser is what takes time: each must have become a drawing with as many
bars as its source has lines, and none may be Mermaid's picture of an error.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path

import cmarkgfm

from papers.planted import split

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SECONDS = 240
_STYLE = """
body { max-width: 900px; margin: 24px auto; font: 16px/1.5 "DejaVu Sans", sans-serif; color: #1f2328; }
table { border-collapse: collapse; margin: 0 0 16px; } th, td { border: 1px solid #d1d9e0; padding: 6px 13px; }
h1, h2 { border-bottom: 1px solid #d1d9e0; padding-bottom: .3em; } blockquote { color: #59636e; margin: 0;
padding: 0 1em; border-left: .25em solid #d1d9e0; } pre:not(.mermaid) { background: #f6f8fa; padding: 16px; }
"""
_TASK = re.compile(r"^ +\d+ .* :(?:done|crit|active|milestone), ", re.MULTILINE)


def browser() -> str | None:
    """Where a Chromium is, if there is one."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def page(markdown: str, modules: Path) -> str:
    """A whole HTML page with Mermaid in it. The front matter is left out, as viewers do."""
    html = cmarkgfm.github_flavored_markdown_to_html(split(markdown)[1])
    html = re.sub(
        r'<pre lang="mermaid"><code>(.*?)</code></pre>', r'<pre class="mermaid">\1</pre>', html, flags=re.DOTALL
    )
    script = (modules / "mermaid" / "dist" / "mermaid.min.js").as_uri()
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><style>{_STYLE}</style></head><body>{html}'
        f'<script src="{script}"></script><script>mermaid.initialize({{startOnLoad: true}})</script></body></html>'
    )


def drawn_wrong(documents: Mapping[str, str], modules: Path, folder: Path, binary: str) -> list[str]:
    """What Chromium does not draw of the diagrams in these documents."""
    blocks = [
        (name, block)
        for name, text in documents.items()
        for block in re.findall(r"^```mermaid\n.*?^```$", text, re.MULTILINE | re.DOTALL)
    ]
    html = _dump(page("\n\n".join(block for _name, block in blocks), modules), folder / "diagrams.html", binary)
    drawings = re.findall(r'<pre class="mermaid"[^>]*>(.*?)</pre>', html, re.DOTALL)
    if len(drawings) != len(blocks):
        return [f"browser: {len(blocks)} diagrams written, {len(drawings)} on the page"]
    return [
        f"{name}: browser: {wrong}: {block.splitlines()[2].strip()}"
        for (name, block), drawing in zip(blocks, drawings, strict=True)
        if (wrong := wrong_in(block, drawing))
    ]


def wrong_in(block: str, drawing: str) -> str:
    """What is missing in a drawing of that block; "" when nothing is."""
    kind = re.search(r'<svg[^>]*aria-roledescription="([^"]*)"', drawing)
    if kind is None or kind[1] == "error":
        return "not drawn"
    classes = Counter(name for found in re.findall(r'<rect[^>]*class="([^"]*)"', drawing) for name in found.split())
    if block.startswith("```mermaid\ngantt"):
        tasks = len(_TASK.findall(block))
        return "" if classes["task"] == tasks else f"{tasks} tasks, {classes['task']} drawn"
    points = len(re.findall(r'"', re.findall(r"^ +x-axis .*$", block, re.MULTILINE)[0])) // 2
    bars = re.search(r'class="bar-plot-0">(.*?)</g>', drawing, re.DOTALL)
    drawn = bars[1].count("<rect") if bars else 0
    return "" if drawn == points else f"{points} points, {drawn} drawn"


def headings(markdown: str, modules: Path, folder: Path, binary: str) -> list[str]:
    """The headings that Chromium shows of a document."""
    html = _dump(page(markdown, modules), folder / "document.html", binary)
    return [unescape(re.sub("<[^>]*>", "", words)) for words in re.findall(r"<h[12]>(.*?)</h[12]>", html)]


def screenshot(markdown: str, modules: Path, picture: Path, binary: str, size: tuple[int, int] = (1000, 4200)) -> None:
    """A picture of a document."""
    source = picture.with_suffix(".html")
    source.write_text(page(markdown, modules), "utf-8")
    picture.unlink(missing_ok=True)
    _run(binary, source, f"--screenshot={picture}", f"--window-size={size[0]},{size[1]}", "--hide-scrollbars")


def _dump(html: str, path: Path, binary: str) -> str:
    path.write_text(html, "utf-8")
    return _run(binary, path, "--dump-dom")


def _run(binary: str, page_file: Path, *wishes: str) -> str:
    """Its own profile, no network but files, as root too; time runs as fast as it can until all is drawn."""
    with tempfile.TemporaryDirectory(prefix="opstui-docs-", ignore_cleanup_errors=True) as profile:
        arguments: Sequence[str] = (
            binary, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--allow-file-access-from-files", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}",
            "--virtual-time-budget=120000", *wishes, page_file.as_uri(),
        )  # fmt: skip
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=_SECONDS, check=True)
    return done.stdout
