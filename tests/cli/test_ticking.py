"""`opstui import actions`: a box ticked in the file is a card that is done."""

from __future__ import annotations

from pathlib import Path

from cli.calls import Opstui
from opstui.cli.session import login


def test_tick_import_done_and_again_nothing(opstui: Opstui) -> None:
    opstui("card", "add", "campaigns", "Promo")
    opstui("postmortem", "new", "CMP-0001")
    opstui("postmortem", "lesson", "CMP-0001", "ask first")
    opstui("postmortem", "action", "CMP-0001", "x", "--owner", login(), "--due", "+5d", "--done-when", "y")
    opstui("postmortem", "publish", "CMP-0001")
    path = Path(opstui("postmortem", "export", "CMP-0001").out.strip())
    path.write_text(path.read_text().replace("- [ ] ACT-0001", "- [x] ACT-0001"))
    tried = opstui("import", "actions", str(path), "--dry-run", "--json")
    assert (tried.json["dry_run"], tried.json["boxes"][0]["result"]) == (True, "done")
    assert opstui("card", "show", "ACT-0001", "--json").json["stage"] == "todo"
    assert "1 action is done now" in opstui("import", "actions", str(path)).err
    assert opstui("card", "show", "ACT-0001", "--json").json["stage"] == "done"
    assert "0 actions are done now; 1 were done already" in opstui("import", "actions", str(path)).err
    path.write_text(path.read_text().replace("- [x] ACT-0001", "- [ ] ACT-0001"))
    assert "stays so" in opstui("import", "actions", str(path)).err
    assert opstui("card", "show", "ACT-0001", "--json").json["stage"] == "done"
    assert opstui("card", "undo").code == 0
    assert "actions" in opstui("import", "--list").out
    assert opstui("import", "actions", "none.md").code == 1
