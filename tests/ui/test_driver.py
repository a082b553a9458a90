"""The terminal's driver: when it thins, and that neither odd bytes nor a lost terminal stop it."""

from __future__ import annotations

import io

import pytest

from opstui.ui.driver import _Forgiving, thin_wanted


@pytest.mark.parametrize(
    ("setting", "encoding", "wanted"),
    [
        (None, "utf-8", True),
        (None, "UTF8", True),
        (None, "latin-1", False),
        ("0", "utf-8", False),
        ("1", "utf-8", True),
    ],
)
def test_frames_are_thinned_unless_someone_or_the_encoding_is_against_it(
    monkeypatch: pytest.MonkeyPatch, setting: str | None, encoding: str, wanted: bool
) -> None:
    if setting is not None:
        monkeypatch.setenv("OPSTUI_DIFF", setting)
    assert thin_wanted(encoding) is wanted


class Gone(io.StringIO):
    """A terminal that was closed."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(text)

    def flush(self) -> None:
        raise OSError


def test_words_to_a_terminal_that_is_gone_are_lost_and_nobody_is_told() -> None:
    there, gone = io.StringIO(), Gone()
    for file in (there, gone):
        forgiving = _Forgiving(file)
        forgiving.write("words")
        forgiving.flush()
    assert (there.getvalue(), _Forgiving(there).isatty()) == ("words", False)
