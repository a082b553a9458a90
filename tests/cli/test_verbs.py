"""Every verb as a script meets it: arguments in, stdout, stderr and an exit code out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.calls import Opstui
from opstui.cli.session import login
from opstui.domain.commands import SaveFilter
from opstui.domain.model import Actor
from opstui.workspace import open_workspace

BOARDS = ("orders", "campaigns", "feedback", "actions")


def test_init_makes_a_workspace_once(opstui: Opstui, tmp_path: Path) -> None:
    assert (tmp_path / "W" / "opstui.toml").is_file()
    again = opstui("init", "W")
    assert again.code == 1
    assert "not an empty folder" in again.err
    for option, value in [("--currency", "dollars"), ("--timezone", "Mars"), ("--locale", "xx")]:
        wrong = opstui("init", "X", option, value)
        assert (wrong.code, f"'{value}'".lower() in wrong.err.lower()) == (2, True)
        assert not (tmp_path / "X").exists()


def test_add_prints_the_id_and_json_prints_the_card(opstui: Opstui) -> None:
    assert opstui("card", "add", "orders", "3 x Gayo").out == "ORD-0001\n"
    made = opstui(
        "card", "add", "orders", "Blend", "--set", "total=1.900.000", "--set", "due=2026-09-19", "--json"
    ).json
    assert made["schema"] == "opstui.card/1"
    assert (made["id"], made["total"], made["due"], made["stage"]) == ("ORD-0002", 1_900_000, "2026-09-19", "new")


def test_a_board_as_json_holds_every_stage_and_card(opstui: Opstui) -> None:
    opstui("card", "add", "orders", "a")
    opstui("card", "add", "orders", "b")
    opstui("card", "move", "ORD-0001", "closed")
    shown = opstui("board", "orders", "--json").json
    assert (shown["schema"], shown["board"]) == ("opstui.board/1", "orders")
    cards = {s["id"]: [c["id"] for c in s["cards"]] for s in shown["stages"]}
    assert cards["new"] == ["ORD-0002"]
    assert cards["closed"] == ["ORD-0001"]
    assert {s["category"] for s in shown["stages"]} == {"queue", "active", "done", "dropped"}
    assert opstui("board", "orders", "--plain").out.split() == ["ORD-0002", "ORD-0001"]
    assert "ORD-0002" in opstui("board", "orders").out


def test_a_filter_works_as_on_screen(opstui: Opstui) -> None:
    opstui("card", "add", "orders", "a", "--set", "owner=rina")
    opstui("card", "add", "orders", "b")
    assert opstui("board", "orders", "--plain", "--filter", "owner:rina").out.split() == ["ORD-0001"]
    wrong = opstui("board", "orders", "--filter", "ownr:rina")
    assert wrong.code == 1
    assert "owner" in wrong.err


def test_edit_move_comment_show_undo(opstui: Opstui) -> None:
    opstui("card", "add", "orders", "first")
    assert opstui("card", "edit", "ord-0001", "--set", "title=second", "--set", "tags=vip, b2b").code == 0
    assert opstui("card", "comment", "ORD-0001", "a word").code == 0
    shown = opstui("card", "show", "ORD-0001", "--json").json
    assert (shown["title"], shown["tags"]) == ("second", ["vip", "b2b"])
    assert "a word" in opstui("card", "show", "ORD-0001").out
    opstui("card", "move", "ORD-0001", "payment")
    assert opstui("card", "undo").code == 0
    assert opstui("card", "show", "ORD-0001", "--json").json["stage"] == "new"
    assert opstui("card", "undo").code == 0, "the comment"
    assert opstui("card", "undo").code == 0, "the edit"
    assert opstui("card", "show", "ORD-0001", "--json").json["title"] == "first"
    assert opstui("card", "undo").code == 0, "the card itself"
    assert opstui("board", "orders", "--plain").out == ""
    nothing = opstui("card", "undo")
    assert (nothing.code, nothing.out) == (1, "")


REFUSED = [
    (("board", "nope"), 1, "boards: orders, campaigns"),
    (("card", "add", "orders", ""), 1, "title"),
    (("card", "add", "orders", "x" * 10_000), 1, "10000 characters"),
    (("card", "add", "orders", "x", "--set", "total"), 2, "field=value"),
    (("card", "add", "orders", "x", "--set", "totl=3"), 1, "try total"),
    (("card", "add", "orders", "x", "--set", "due=someday"), 1, "due: "),
    (("card", "move", "ORD-0001", "closed"), 1, "no card ORD-0001"),
    (("card", "show", "\x1b[2J"), 1, "no card"),
    (("kpi", "orders", "--from", "yesteryear"), 2, "--from"),
    (("kpi", "orders", "--from", "2026-02-01", "--to", "2026-01-01"), 1, "must be after"),
    (("import", "nope", "x.csv"), 1, "no format"),
    (("import", "olist", "missing"), 1, "missing"),
    (("postmortem", "show", "PM-1"), 1, "no post-mortem"),
    (("frobnicate",), 2, "frobnicate"),
]


@pytest.mark.parametrize(("words", "code", "said"), REFUSED, ids=[" ".join(w)[:40] for w, _, _ in REFUSED])
def test_bad_input_is_one_clear_message(opstui: Opstui, words: tuple[str, ...], code: int, said: str) -> None:
    answer = opstui(*words)
    assert answer.code == code
    assert said in answer.err
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert "\x1b" not in answer.err


def test_a_malformed_settings_file_is_told_with_its_line(opstui: Opstui, tmp_path: Path) -> None:
    (tmp_path / "W" / "opstui.toml").write_text('name = "x"\ncurrency = 3\n')
    answer = opstui("board", "orders")
    assert answer.code == 3
    assert "opstui.toml, line 2, currency" in answer.err


def test_no_workspace_says_what_to_do(opstui: Opstui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPSTUI_WORKSPACE")
    answer = opstui("board", "orders")
    assert answer.code == 1
    assert "opstui init DIR" in answer.err
    inside = tmp_path / "W" / "exports" / "deep"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert opstui("board", "orders").code == 0


def test_hostile_titles_come_out_harmless(opstui: Opstui) -> None:
    opstui("card", "add", "orders", "[bold]x[/] \x1b]52;c;aGk=\x07 \u202eabc =1+1")
    for words in (
        ("board", "orders"),
        ("board", "orders", "--json"),
        ("card", "show", "ORD-0001"),
        ("export", "cards"),
    ):
        out = opstui(*words).out
        assert "[bold]x[/]" in out
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_kpi_json_has_the_ids_of_the_board(opstui: Opstui) -> None:
    opstui("card", "add", "orders", "x")
    opstui("card", "move", "ORD-0001", "closed")
    shown = opstui("kpi", "orders", "--json").json
    ids = {m["id"]: m for m in shown["metrics"]}
    assert shown["schema"] == "opstui.kpi/1"
    assert ids["throughput_total"]["value"] == 1
    assert ids["on_time_rate"]["value"] is None
    assert {
        "lead_time_p50_hours",
        "lead_time_p85_hours",
        "cycle_time_p50_hours",
        "wip",
        "overdue",
        "slowest_stage",
    } <= set(ids)
    campaigns = opstui("kpi", "campaigns", "--json").json
    assert {"spend", "revenue", "roas", "ctr", "cpa"} <= {m["id"] for m in campaigns["metrics"]}
    assert "Orders" in opstui("kpi").out


@pytest.mark.parametrize("verb", ["show", "export"])
def test_a_card_without_a_postmortem_says_how_to_begin_one(opstui: Opstui, verb: str) -> None:
    opstui("card", "add", "campaigns", "Promo")
    answer = opstui("postmortem", verb, "cmp-0001")
    assert answer.code == 1
    assert "opstui postmortem new CMP-0001" in answer.err
    assert "postmortem list" in opstui("postmortem", verb, "CMP-0009").err


def test_postmortem_new_show_export_list(opstui: Opstui, tmp_path: Path) -> None:
    opstui("card", "add", "campaigns", "Promo")
    assert opstui("postmortem", "new", "CMP-0001").out == opstui("postmortem", "new", "CMP-0001").out
    shown = opstui("postmortem", "show", "CMP-0001").out
    assert "# Campaign post-mortem: Promo" in shown
    first = opstui("postmortem", "export", "CMP-0001").out.strip()
    text = Path(first).read_text()
    assert text.rstrip("\n") == shown.rstrip("\n")
    assert Path(first).is_relative_to(tmp_path / "W" / "exports")
    assert opstui("postmortem", "export", "CMP-0001").out.strip() == first
    Path(first).write_text(text + "mine\n")
    second = opstui("postmortem", "export", "CMP-0001")
    assert Path(first).read_text().endswith("mine\n")
    assert second.out.strip() != first or "edited by hand" in second.err
    assert opstui("postmortem", "export", "CMP-0001", "-o", "out.md").code == 0
    assert (tmp_path / "out.md").read_text() == text
    assert opstui("postmortem", "list", "--json").json["postmortems"][0]["card"] == "CMP-0001"


def test_backup_is_a_workspace_and_plain_tinydb_reads_it(opstui: Opstui, tmp_path: Path) -> None:
    from tinydb import TinyDB

    opstui("card", "add", "orders", "kept")
    assert opstui("backup", "B").code == 0
    with TinyDB(tmp_path / "B" / "data" / "db.json", access_mode="r") as db:
        assert [doc["title"] for doc in db.table("cards")] == ["kept"]
    assert opstui("-w", "B", "board", "orders", "--plain").out == "ORD-0001\n"
    assert opstui("backup", "B").code == 1
    assert opstui("backup", "W/inside").code == 1


def test_exports(opstui: Opstui) -> None:
    opstui("card", "add", "orders", "=cmd()")
    assert "'=cmd()" in opstui("export", "cards", "orders").out
    assert opstui("export", "events", "--json").json["schema"] == "opstui.events/1"


def test_the_console_needs_a_terminal(opstui: Opstui) -> None:
    answer = opstui()
    assert answer.code == 2
    assert "needs a terminal" in answer.err


def test_import_list_names_the_formats(opstui: Opstui) -> None:
    out = opstui("import", "--list").out
    assert all(name in out for name in ("olist", "marketing-csv", "meta-ads", "google-ads"))


def test_a_fault_is_one_line_and_the_log_has_the_trace(
    opstui: Opstui, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("opstui.cli.cards.board_of", lambda *_: 1 / 0)
    answer = opstui("board", "orders")
    assert answer.code == 3
    assert "Traceback" not in answer.err
    assert "ZeroDivisionError" in (tmp_path / "state" / "opstui" / "opstui.log").read_text()


def test_a_shared_filter_is_named_and_its_sharing_undone(opstui: Opstui, tmp_path: Path) -> None:
    opstui("card", "add", "orders", "a", "--set", "owner=rina")
    opstui("card", "add", "orders", "b")
    workspace = open_workspace(tmp_path / "W", lambda: datetime.now(UTC))
    workspace.submit(Actor(login(), "owner"), SaveFilter(name="hers", query="owner:rina"), via="cli")
    workspace.close()
    assert opstui("board", "orders", "--plain", "--filter", "@hers").out.split() == ["ORD-0001"]
    assert "did you mean hers" in opstui("board", "orders", "--filter", "@her").err
    undone = opstui("card", "undo")
    assert "undone: a shared filter" in undone.out + undone.err
    assert opstui("board", "orders", "--filter", "@hers").code == 1
    again = opstui("card", "redo")
    assert "a shared filter" in again.out + again.err
    assert opstui("board", "orders", "--plain", "--filter", "@hers").out.split() == ["ORD-0001"]


def test_figures_are_exported_as_kpi_prints_them(opstui: Opstui, tmp_path: Path) -> None:
    assert opstui("card", "add", "orders", "Kopi").code == 0
    printed = opstui("kpi", "orders", "--json").json
    exported = opstui("export", "kpi", "orders", "--json").json
    assert exported.keys() == printed.keys()
    assert exported["metrics"] == printed["metrics"]
    assert opstui("export", "kpi", "-o", "days.csv").code == 0
    rows = (tmp_path / "days.csv").read_text("utf-8").splitlines()
    assert rows[0] == "date,metric,dimension,value,unit"
    assert [row.split(",", 1)[1] for row in rows[1:]] == [
        "created,board=orders,1,cards",
        "in_stage,board=orders;stage=new,1,cards",
    ]
    assert opstui("export", "kpi", "feedback").out.splitlines() == rows[:1]
    assert opstui("export", "kpi", "--from", "2020-01-01", "--to", "2020-02-01").out.splitlines() == rows[:1]


def test_kpis_are_listed_with_how_each_is_worked_out_and_its_target(opstui: Opstui) -> None:
    listed = {known["id"]: known for known in opstui("kpi", "--list", "--json").json["kpis"]}
    printed = {m["id"] for board in BOARDS for m in opstui("kpi", board, "--json").json["metrics"]}
    tiles = {m["id"] for m in opstui("kpi", "--json").json["metrics"]}
    assert listed.keys() == printed | tiles
    assert all(known["formula"] and known["source"] for known in listed.values())
    assert "made to done, median" in opstui("kpi", "--list").out


def test_a_target_is_set_and_taken_back(opstui: Opstui) -> None:
    def target(name: str) -> float | None:
        found = {known["id"]: known["target"] for known in opstui("kpi", "--list", "--json").json["kpis"]}
        value: float | None = found[name]
        return value

    assert target("on_time_rate") == 0.95
    assert "the target is 0.8" in opstui("kpi", "--target", "on_time_rate", "0.8").err
    assert target("on_time_rate") == 0.8
    assert opstui("kpi", "--target", "delayed", "none").code == 0
    assert target("delayed") is None
    assert opstui("card", "undo").code == 0
    assert target("delayed") == 3
    assert opstui("kpi", "--target", "delayed", "5").code == 0
    assert next(m for m in opstui("kpi", "--json").json["metrics"] if m["id"] == "delayed")["target"] == 5
    assert "did you mean" in (no := opstui("kpi", "--target", "on_time", "1")).err or "try on_time" in no.err
    assert no.code == 1
    assert opstui("kpi", "--target", "delayed", "many").code == 2


def test_the_stock_ledger(opstui: Opstui) -> None:
    assert "no product is known" in opstui("stock", "list").err
    assert opstui("stock", "product", "GAYO", "--name", "Gayo 250 g", "--minimum", "5", "--pack", "12").code == 0
    assert "12 on hand, 12 left" in opstui("stock", "move", "gayo", "in", "12").err
    assert "12 on hand, 9 left" in opstui("stock", "move", "GAYO", "reserve", "3", "--note", "ORD-0001").err
    assert "4 on hand, 1 left" in opstui("stock", "move", "GAYO", "out", "8").err
    (shelf,) = opstui("stock", "list", "--json").json["products"]
    assert (shelf["on_hand"], shelf["held"], shelf["critical"], shelf["order"]) == (4, 3, True, 12)
    assert "!!" in opstui("stock", "list").out
    assert opstui("stock", "move", "GAYO", "out", "--", "-1").code == 1
    assert "no product" in opstui("stock", "move", "nope", "in", "1").err
    assert opstui("stock", "product", "GAYO", "--pack", "0").code == 1
