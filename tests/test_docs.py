"""The documents, held to the program: commands are run, keys compared, links followed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import click
import pytest
from babel.numbers import list_currencies
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

import opstui
from opstui import cli
from opstui.domain.events import KINDS
from opstui.domain.model import (
    DETAILS,
    Blocker,
    CardCore,
    Check,
    Line,
    Link,
    Mark,
    MetricRow,
    Movement,
    Product,
    Target,
    exponent,
)
from opstui.ui.commands import COMMANDS

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "README.md").read_text("utf-8")
STORAGE = (CHECKOUT / "docs" / "storage.md").read_text("utf-8")
PAGES = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")])
MARKETING = """\
id,c_date,campaign_name,category,campaign_id,impressions,mark_spent,clicks,leads,orders,revenue
1,2026-11-01,instagram_tier1,social,1,10000,150000,120,10,3,450000
"""


def blocks(text: str, language: str) -> Iterator[str]:
    """The fenced code blocks of one language."""
    yield from re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def children(group: click.Group) -> dict[str, click.Command]:
    """A group's verbs by name."""
    context = click.Context(group)
    return {name: verb for name in group.list_commands(context) if (verb := group.get_command(context, name))}


def verbs(group: click.Group, *before: str) -> Iterator[str]:
    """Every verb there is: `card add`, `kpi` ..."""
    for name, verb in children(group).items():
        if isinstance(verb, click.Group):
            yield from verbs(verb, *before, name)
        else:
            yield " ".join((*before, name))


def key_table() -> list[str]:
    """The rows of the README's table of keys, as the console's own table would have them: two commands a row."""
    cells = [
        f"`{command.show}` | {command.help}" if command.keys else f"`ctrl+p` | {command.label}: {command.help}"
        for command in COMMANDS.values()
    ]
    half = (len(cells) + 1) // 2
    return [f"| {left} | {right} |" for left, right in zip_longest(cells[:half], cells[half:], fillvalue="|")]


def test_the_readme_s_commands_run_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    seen = 0
    for line in "".join(blocks(README, "sh")).splitlines():
        words = shlex.split(line)
        if words[0] == "cd":
            monkeypatch.chdir(tmp_path / words[1])
            Path("marketing.csv").write_text(MARKETING, "utf-8")
        elif words[0] == "opstui":
            seen += 1
            assert cli.run(words[1:]) == 0, f"{line}\n{capsys.readouterr()}"
        else:
            assert words[0] == "make"
    assert seen > 10


@pytest.mark.parametrize("page", [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE))
    assert {a or b for a, b in named} <= targets


def test_the_synopsis_has_every_verb_and_no_other() -> None:
    (synopsis,) = (block for block in blocks(README, "text") if block.startswith("opstui [-w"))
    told = set()
    for line in synopsis.splitlines():
        usage = re.split(r" {2,}", line.removeprefix("opstui "))[0]
        for way in usage.split(" | "):
            words = way.removeprefix("opstui ").split()
            if words[0].startswith("["):
                continue
            grouped = isinstance(children(cli.opstui)[words[0]], click.Group)
            told.add(" ".join(words[:2]) if grouped else words[0])
    assert told == set(verbs(cli.opstui))


@pytest.mark.parametrize("verb", sorted(verbs(cli.opstui)))
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([*verb.split(), "--help"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 2


def test_the_table_of_keys_is_the_console_s() -> None:
    table = README.partition("<!-- keys")[2].partition("\n\n")[2].partition("\n\n")[0]
    rows = key_table()
    assert table.splitlines()[2:] == rows, "the README should have:\n" + "\n".join(rows)


def parts(page: str, mark: str) -> dict[str, str]:
    """The parts of a page by their headings."""
    _before, *rest = re.split(rf"^{mark} (.*)$", page, flags=re.MULTILINE)
    return dict(zip(rest[::2], rest[1::2], strict=True))


def rows(table: str) -> dict[str, str]:
    """A table's rows by each name in their first cell."""
    cells = re.findall(r"^\| ([^|]+) \|(.*)\|$", table, re.MULTILINE)
    return {name.strip("`"): rest for first, rest in cells for name in first.split(", ")}


MEANING = parts(parts(STORAGE, "##")["What is in it"], "###")


def test_every_kind_of_event_and_what_is_particular_to_it_is_told() -> None:
    told = rows(MEANING["Events"])
    assert set(told) - {"kind", "---"} == set(KINDS)
    for kind, says in KINDS.items():
        names = re.sub(r" \([^)]*\)|, (\[|when).*", "", says.partition("data: ")[2])
        assert [name for name in filter(None, re.split("[ ,;]+", names)) if f"`{name}`" not in told[kind]] == [], kind


@pytest.mark.parametrize(
    ("place", "row", "noun"),
    [
        ("Cards", "", CardCore),
        *(("Cards", kind, details) for kind, details in DETAILS.items()),
        ("Tables", "metrics", MetricRow),
        ("Tables", "products", Product),
        ("Tables", "movements", Movement),
    ],
    ids=lambda value: getattr(value, "__name__", None) or value or "core",
)
def test_every_field_of_a_document_is_told(place: str, row: str, noun: type[Struct]) -> None:
    told = rows(MEANING[place])[row] if row else " ".join(f"`{name}`" for name in rows(MEANING[place]))
    assert [field.name for field in fields(noun) if f"`{field.name}`" not in told] == []


@pytest.mark.parametrize("noun", [Blocker, Check, Mark, Link, Line, Target], ids=lambda noun: noun.__name__)
def test_every_field_inside_a_field_is_told(noun: type[Struct]) -> None:
    shape = ", ".join(field.name + ("" if field.default is NODEFAULT else "?") for field in fields(noun))
    assert f"`{{{shape}}}`" in MEANING["Cards"]


def test_the_digits_of_every_currency_are_told() -> None:
    told = rows(MEANING["Money"])
    digits = {code: n for n in (0, 3) for code in re.findall("[A-Z]{3}", told[str(n)])}
    assert {code: exponent(code) for code in list_currencies() if exponent(code) != 2} == digits
    assert {exponent(code) for code in re.findall("[A-Z]{3}", told["2"].replace("ISO", ""))} == {2}


def test_the_changelog_tells_of_this_version() -> None:
    assert f"\n## [{opstui.__version__}] - 20" in (CHECKOUT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    local = [link.partition("#")[0] for link in links if "://" not in link and not link.startswith("#")]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    "page", [*PAGES, *(CHECKOUT / name for name in ("Makefile", "constraints.txt", "pyproject.toml"))]
)
def test_no_page_names_a_machine(page: Path) -> None:
    text = page.read_text("utf-8")
    assert re.findall(r"(?<![\w.~-])/(?:home|root|Users|work|tmp)/\S+", text) == []
    if page.name == "constraints.txt":
        assert all(re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line) for line in text.splitlines())
