"""`make pictures`: the pictures in the README, of the sample shop at a fixed moment: only what changed looks new.

Names after `make pictures ARGS=` take only the pictures whose name begins with one of them.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.pictures import picture
from opstui.demo import build_demo
from opstui.ui.app import OpsApp
from opstui.ui.themes import SHIPPED

MOMENT = datetime(2026, 11, 16, 3, 7, tzinfo=UTC)
"""A Monday, 10:07 in Jakarta."""
WIDE, THEMED, NARROW = (148, 36), (122, 30), (80, 24)
BOARDS = {"orders": "1", "campaigns": "2", "feedback": "3"}
"""Board -> the keys that lead there."""
FOLDER = Path(__file__).parents[1] / "docs" / "pictures"


def shots() -> list[tuple[str, str, tuple[int, int], tuple[str, ...]]]:
    """(name, theme, size, keys) of every picture."""
    boards = [(f"{board}-{theme}", theme, WIDE, (key,)) for board, key in BOARDS.items() for theme in ("dark", "light")]
    return [
        *boards,
        *((f"theme-{name}", name, THEMED, ("1", "l", "j")) for name in SHIPPED),
        ("theme-chooser", "dark", WIDE, ("1", "ctrl+t", *"jjjjj")),
        ("card-dark", "dark", WIDE, ("1", "l", "enter")),
        ("orders-narrow-dark", "dark", NARROW, ("1",)),
    ]


def main() -> None:
    """Take every picture into docs/pictures."""
    wanted = tuple(sys.argv[1:]) or ("",)
    for name, theme, size, keys in (shot for shot in shots() if shot[0].startswith(wanted)):
        with tempfile.TemporaryDirectory(prefix="opstui-pictures-") as scratch:
            workspace = build_demo(Path(scratch) / "shop", now=lambda: MOMENT, owner="rina")
            settings = workspace.path / "opstui.toml"
            settings.write_text(f'theme = "{theme}"\n' + _without_theme(settings.read_text("utf-8")), "utf-8")
            workspace.close()
            sys.stderr.write(f"{_shoot(Path(scratch) / 'shop', name, size, keys)}\n")


def _without_theme(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("theme"))


def _shoot(shop: Path, name: str, size: tuple[int, int], keys: tuple[str, ...]) -> Path:
    from opstui.workspace import open_workspace  # noqa: PLC0415

    workspace = open_workspace(shop, lambda: MOMENT)
    return picture(OpsApp(workspace, workspace.member("rina")), FOLDER / f"{name}.svg", size, keys)


if __name__ == "__main__":
    main()
