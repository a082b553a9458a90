"""What is typed in sections and not saved yet: what is one's own, what is somebody else's, and what is left behind."""

from __future__ import annotations

from pathlib import Path

from opstui.ui.drafts import Draft, Typed
from opstui.ui.unsaved import Unsaved


def begun(path: Path, **saved: str) -> tuple[Unsaved, dict[str, str]]:
    return Unsaved(Draft(path, "rina", "postmortem-1"), lambda section: saved.get(section, "")), saved


def test_what_reads_as_before_is_nothing_to_save(tmp_path: Path) -> None:
    unsaved, _saved = begun(tmp_path, lucky="rain")
    for text in ("rain", "rain \n", "rain\r\n"):
        unsaved.typed("lucky", text, shown="rain", base="rain")
        assert unsaved.texts == {}
    unsaved.typed("lucky", "rains", shown="rain", base="rain")
    assert unsaved.texts["lucky"] == Typed("rain", "rains")
    unsaved.typed("lucky", "rain", shown="rain", base="rain")
    assert unsaved.texts == {}


def test_a_proposal_is_no_text_until_it_is_changed(tmp_path: Path) -> None:
    unsaved, _saved = begun(tmp_path)
    unsaved.typed("summary", "it ran 4 days", shown="it ran 4 days", base="")
    assert unsaved.texts == {}
    unsaved.typed("summary", "it ran 5 days", shown="it ran 4 days", base="")
    assert unsaved.texts["summary"] == Typed("", "it ran 5 days")


def test_what_is_typed_while_it_is_being_saved_is_still_to_be(tmp_path: Path) -> None:
    unsaved, saved = begun(tmp_path)
    unsaved.typed("lucky", "ra", shown="", base="")
    assert unsaved.send("lucky") == Typed("", "ra")
    unsaved.typed("lucky", "rain", shown="", base="")
    saved["lucky"] = "ra"
    assert unsaved.clash("lucky") is None
    assert unsaved.answered("lucky", saved=True) == "ra"
    assert unsaved.texts["lucky"] == Typed("ra", "rain")
    assert unsaved.send("lucky") == Typed("ra", "rain")
    saved["lucky"] = "rain"
    unsaved.answered("lucky", saved=True)
    assert unsaved.texts == {}


def test_what_somebody_else_wrote_is_not_sent_over(tmp_path: Path) -> None:
    unsaved, saved = begun(tmp_path, lucky="old")
    unsaved.typed("lucky", "mine", shown="old", base="old")
    saved["lucky"] = "theirs"
    assert unsaved.clash("lucky") == "theirs"
    assert unsaved.send("lucky") is None
    unsaved.put("lucky", "both")
    assert unsaved.send("lucky") == Typed("theirs", "both")
    unsaved.answered("lucky", saved=False)
    assert unsaved.texts["lucky"] == Typed("theirs", "both")
    unsaved.forget("lucky")
    assert unsaved.clash("lucky") is None


def test_the_same_words_by_two_people_are_no_two_texts(tmp_path: Path) -> None:
    unsaved, saved = begun(tmp_path)
    unsaved.typed("lucky", " rain ", shown="", base="")
    saved["lucky"] = "rain"
    assert unsaved.clash("lucky") is None


def test_what_is_left_behind_is_taken_up_unless_it_was_saved(tmp_path: Path) -> None:
    unsaved, _saved = begun(tmp_path)
    unsaved.typed("lucky", "rain", shown="", base="")
    unsaved.typed("worked", "backup", shown="", base="")
    unsaved.leave_behind()
    again, _saved = begun(tmp_path, worked="backup")
    assert again.texts == {"lucky": Typed("", "rain")}
    again.forget("lucky")
    again.leave_behind()
    assert begun(tmp_path)[0].texts == {}
