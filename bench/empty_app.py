"""The yardstick of the console: a Textual app that shows nothing but a number, which every key makes one higher."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static


class Empty(App[None]):
    """As little as Textual can do."""

    presses = 0

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static("ready 0")

    def on_key(self, _key: Key) -> None:
        """Count."""
        self.presses += 1
        self.query_one(Static).update(f"ready {self.presses}")


if __name__ == "__main__":
    Empty().run()
