"""`make docs-check`: writes every Markdown that opstui exports, and has it read by the tools that others read it with.

What node or Chromium would find is skipped, with a word, where they are not there; OPSTUI_DOCS_ALL=1 makes that a
finding. Exit 0: nothing found.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import yaml

from papers import browser
from papers.contexts import CHECKS, broken_of
from papers.made import write_all
from papers.planted import broken_files, split

CHECKOUT = Path(__file__).parents[2]
TOOLS = Path(__file__).parent / "node"
SEED = 20261127
_SHARE = 2500
_PICTURED = "sample-campaign-"
_MOST_DRAWN_LABELS = 3
_LONGEST = 1000


def main(arguments: list[str]) -> int:
    """Run all of it; the number of findings, up to 1, is the exit status."""
    parser = argparse.ArgumentParser(prog="python -m papers", description=__doc__)
    parser.add_argument("--folder", type=Path, default=CHECKOUT / ".cache" / "papers", help="where everything is put")
    parser.add_argument("--number", type=int, default=20_000, help="hostile texts for each place")
    asked = parser.parse_args(arguments)
    folder, found = asked.folder.resolve(), list[str]()
    shutil.rmtree(folder / "made", ignore_errors=True)
    written = _timed("written", lambda: write_all(folder / "made", asked.number, SEED))
    found += _timed("front matter", lambda: _front_matter(written))
    found += _timed(f"{asked.number} hostile texts in each of {len(CHECKS)} places", lambda: _hostile(asked.number))
    modules = _timed("node's tools", lambda: _modules(folder))
    if modules:
        found += _timed("markdownlint and mermaid", lambda: _node(modules, [*written, *_own()]))
        found += _timed("Chromium", lambda: _drawn(modules, folder, written))
    for finding in found:
        _say(finding[:_LONGEST])
    _say(f"{len(written)} files written, {len(_own())} of our own, {len(found)} findings")
    return min(1, len(found))


def _say(text: str) -> None:
    sys.stdout.write(f"docs-check: {text}\n")
    sys.stdout.flush()


def _timed(what: str, work: Callable[[], Any]) -> Any:
    began = time.monotonic()
    result = work()
    _say(f"{what}: {time.monotonic() - began:.0f} s")
    return result


def _own() -> list[Path]:
    """The documents of the repository."""
    return sorted(
        [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md"), *(CHECKOUT / "sample_data").glob("*.md")]
    )


def _front_matter(files: Iterable[Path]) -> list[str]:
    """What of it does not load, or is not a mapping with plain keys."""
    found = []
    for path in files:
        text = path.read_text("utf-8")
        front, _body = split(text)
        try:
            read = yaml.safe_load(front) if front else {}
        except yaml.YAMLError as error:
            read = str(error)
        if not isinstance(read, dict) or bool(read) != text.startswith("---\n"):
            found.append(f"{path.name}: front matter: {read}")
    return found


def _hostile(number: int) -> list[str]:
    """Every place by itself and whole files, on as many processes as there are cores."""
    shares = [(start, min(_SHARE, number - start)) for start in range(0, number, _SHARE)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        files = [pool.submit(broken_files, size, SEED + start) for start, size in shares]
        places = [pool.submit(broken_of, name, size, SEED + start) for name in CHECKS for start, size in shares]
        found, made = zip(*(one.result() for one in files), strict=True)
        _say(f"whole files: {sum(made)} with {number} texts in them")
        return [finding for some in (*found, *(one.result() for one in places)) for finding in some]


def _modules(folder: Path) -> Path | None:
    """Where node's packages are; they are installed when they are missing or others."""
    if not (shutil.which("node") and shutil.which("npm")):
        _skip("markdownlint, Mermaid and the browser: node and npm are not here")
        return None
    wanted = (TOOLS / "package.json").read_text("utf-8")
    stamp = folder / "installed.json"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        (folder / "package.json").write_text(wanted, "utf-8")
        install = ("npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
        if subprocess.run(install, cwd=folder, check=False, stdin=subprocess.DEVNULL).returncode:
            _skip("markdownlint, Mermaid and the browser: npm could not install them")
            return None
        stamp.write_text(wanted, "utf-8")
    return folder / "node_modules"


def _skip(what: str) -> None:
    """Not done, and said so; an error where all of it is asked for."""
    _say(f"SKIPPED {what}")
    if os.environ.get("OPSTUI_DOCS_ALL"):
        sys.exit("docs-check: OPSTUI_DOCS_ALL is set, and something was skipped")


def _node(modules: Path, files: Iterable[Path]) -> list[str]:
    script, listed = modules.parent / "check.mjs", modules.parent / "files.json"
    shutil.copyfile(TOOLS / "check.mjs", script)  # node looks for packages beside the script
    listed.write_text(json.dumps(list(map(str, files))), "utf-8")
    command = ("node", str(script), str(CHECKOUT / ".markdownlint.json"), str(listed))
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    _say(done.stderr.strip())
    found = done.stdout.splitlines()
    return found if done.returncode in (0, 1) and bool(found) == bool(done.returncode) else [*found, "node failed"]


def _drawn(modules: Path, folder: Path, files: list[Path]) -> list[str]:
    """All diagrams but most of those made of hostile labels alone, drawn; and a picture of the sample's campaign."""
    binary = browser.browser()
    if binary is None:
        _skip("drawing: no Chromium is here")
        return []
    labels = [path for path in files if path.name.startswith("labels-")]
    chosen = [path for path in files if path not in labels] + labels[:_MOST_DRAWN_LABELS]
    found = browser.drawn_wrong({p.name: p.read_text("utf-8") for p in chosen}, modules, folder, binary)
    pictured = next(path for path in files if path.name.startswith(_PICTURED)).read_text("utf-8")
    picture = folder / "campaign.png"
    browser.screenshot(pictured, modules, picture, binary)
    if not picture.exists():
        found.append("browser: no picture")
    shown, said = len(browser.headings(pictured, modules, folder, binary)), len(re.findall("(?m)^##? ", pictured))
    return found if shown == said else [*found, f"browser: {said} headings written, {shown} shown"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
