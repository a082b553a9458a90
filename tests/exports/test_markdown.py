"""Laws of the escaping: what is rendered is the cleaned text, and nothing else appears."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import cmarkgfm
import pytest
import yaml
from cmarkgfm.cmark import Options
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from opstui.domain.model import clean, clean_line
from opstui.exports import markdown as md

_CASES = Path(__file__).parent / "markdown_cases.json"
"""The cases of the domain spec that are about text, as they stand there."""
_NASTY = "|`*_[]()<>#&~$!:@\\-+=.\"'{}%/ \t\n\r0123456789abAB\u00e9\u4e2d\u202e\u200b\U0001f600"
_BITS = (
    "www.", "http://", "https://a.b/c", "mailto:", "a@b.co", "---", "===", "- [ ] ", "1. ", "2) ", "```", "~~~", "<b>",
    "</td>", "<!--", "&lt;", "&#124;", "![i](x)", "[a](javascript:x)", ":tada:", "[^1]", "$x$", "\\|", "| --- |", "> ",
    "# ", "xmpp:a@b", "\x1b[31m", "\u2028", "    x",
)  # fmt: skip
hostile = st.lists(st.one_of(st.text(_NASTY, max_size=8), st.sampled_from(_BITS), st.text(max_size=4)), max_size=8).map(
    "".join
)
gfm = MarkdownIt("commonmark").enable(["table", "strikethrough"])
lawful = settings(max_examples=300, deadline=None)


_WRITERS = {
    "md-cell-01": md.cell,
    "md-heading-01": md.heading,
    "yaml-scalar-01": md.yaml_scalar,
    "mermaid-label-01": md.mermaid_label,
}


@pytest.mark.parametrize("case_id", _WRITERS)
def test_the_cases_of_the_spec(case_id: str) -> None:
    case = next(c for c in json.loads(_CASES.read_text())["cases"] if c["id"] == case_id)
    assert [_WRITERS[case_id](text) for text in case["inputs"]["texts"]] == case["expected"]


def rendered(markdown: str) -> tuple[list[str], str]:
    """(element kinds, text) as markdown-it-py reads a document."""
    kinds, text = [], []
    for token in gfm.parse(markdown):
        kinds.append(token.type)
        for child in token.children or ():
            if child.type not in ("text", "text_special"):
                kinds.append(child.type)
            text.append(" " if child.type == "softbreak" else child.content)
    return kinds, "".join(text)


_PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]


@lawful
@given(hostile)
@example("a@b.co www.x.y https://z")
@example("\\" * 9 + "|")
@example("1) -")
@example("+1 -1 - + #")
@example("x" * 5000)
def test_inline_says_the_text_and_nothing_else(text: str) -> None:
    kinds, said = rendered(md.inline(text) + "\n")
    assert said == clean_line(text)
    assert kinds == (_PARAGRAPH if said else [])


@lawful
@given(hostile, hostile)
@example("|", "\\|")
@example("---", ":-:")
@example("x" * 3000, "`|`")
def test_cells_stay_in_their_table(left: str, right: str) -> None:
    written = md.table(["A", "B"], [[left, right], [right, left]], "lr")
    expected = [clean_line(t) or "n/a" for t in (left, right, right, left)]
    tokens = gfm.parse(written)
    assert [t.content for t in tokens if t.type == "inline"][:2] == ["A", "B"]
    kinds, _said = rendered(written)
    assert kinds.count("td_open") == 4
    assert not {k for k in kinds if not re.match(r"(table|thead|tbody|tr|th|td|inline)", k)}
    inlines = [t for t in tokens if t.type == "inline"][2:]
    assert ["".join(c.content for c in t.children or ()) for t in inlines] == expected
    assert github_cells(written) == expected


def github_cells(markdown: str) -> list[str]:
    """The cells' texts as GitHub's own parser renders them; any element in a cell but an e-mail link is a failure."""
    html = cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)
    found = re.findall(r"<td[^>]*>(.*?)</td>", html, re.DOTALL)
    without_mail = [re.sub(r'<a href="[^"<>]*@[^"<>]*">(.*?)</a>', r"\1", c) for c in found]
    assert not [c for c in without_mail if re.search(r"<[a-zA-Z/!]", c)], html
    return [unescape(c) for c in without_mail]


@lawful
@given(hostile)
@example("C#")
@example("a " * 60)
def test_headings(text: str) -> None:
    kinds, said = rendered(f"# {md.heading(text)}\n")
    assert kinds == ["heading_open", "inline", "heading_close"]
    assert said == (clean_line(text)[:80].rstrip(" .,;:!。，；：！#") or "Untitled")


@lawful
@given(st.lists(hostile, max_size=4).map("\n".join))
@example("a\n\n\n\nb")
@example("a\n---\nb\n===")
def test_quotes(text: str) -> None:
    written = md.quote(text)
    assert all(line == ">" or line.startswith("> ") for line in written.split("\n"))
    kinds, _said = rendered(written)
    assert not {k for k in kinds if k not in {"blockquote_open", "blockquote_close", "softbreak", *_PARAGRAPH}}
    paragraphs = [t for t in gfm.parse(written) if t.type == "inline"]
    said = " ".join(" ".join(c.content for c in t.children or () if c.type != "softbreak") for t in paragraphs)
    assert said.split() == clean(text).split()


@lawful
@given(st.lists(hostile, max_size=4).map("\n".join))
@example("````\nx\n```")
def test_fences(text: str) -> None:
    tokens = gfm.parse(md.fence(text))
    assert [(t.type, t.info) for t in tokens] == [("fence", "text")]
    assert [line.rstrip() for line in tokens[0].content.split("\n")[:-1]] == [
        line.rstrip() for line in clean(text).strip("\n").split("\n")
    ]


@lawful
@given(hostile)
@example("\ufffe\uffff")
@example("---\nkey: value")
def test_front_matter_gives_the_text_back(text: str) -> None:
    written = md.front_matter({"subject": text, "tags": [text, text]})
    assert written.count("\n---") == 1
    assert yaml.safe_load(written[4:-3]) == {"subject": clean_line(text), "tags": [clean_line(text)] * 2}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, "null"), (True, "true"), (3, "3"), (1e16, "10000000000000000"), (1.5, "1.5"), (float("nan"), "null")],
)
def test_front_matter_values(value: Any, expected: str) -> None:
    assert md.yaml_scalar(value) == expected


@lawful
@given(hostile)
def test_mermaid_labels_hold_no_syntax(text: str) -> None:
    label = md.mermaid_label(text)
    assert 0 < len(label) <= 40
    assert not set(label) & set(":;#%\"'`{}[]<>|,\n\\&$@!?*=~^")
    assert "--" not in label


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.b/c d", "[x](https://a.b/c%20d)"),
        ("https://a.b/(x)<y>", "[x](https://a.b/%28x%29%3Cy%3E)"),
        ("mailto:a@b.co", "[x](mailto:a@b.co)"),
        ("JavaScript:alert(1)", "x (JavaScript:alert(1))"),
        ("data:text/html,<b>", r"x (data:text/html,\<b\>)"),
        ("http://[broken", r"x (http\://\[broken)"),
        ("", "x ()"),
    ],
)
def test_links(url: str, expected: str) -> None:
    assert md.link("x", url) == expected


@lawful
@given(hostile, hostile)
def test_a_link_is_a_link_or_text(text: str, url: str) -> None:
    kinds, _said = rendered(f"- {md.link(text, 'https://a.b/' + url)}\n")
    assert not {k for k in kinds if k.startswith(("html", "image", "table", "code", "fence", "em", "strong"))}


def test_builders_say_when_there_is_nothing() -> None:
    assert md.table(["A"], []) == md.bullets([]) == md.tasks([]) == md.numbered([]) == "n/a"
    assert md.table(["A", "B"], [["1"]], "lr") == "| A | B |\n| --- | ---: |\n| 1 | n/a |"
    assert md.tasks([(True, "a"), (False, "[ ] b")]) == "- [x] a\n- [ ] \\[ \\] b"
    assert md.numbered(["1. a", "- b"]) == "1. 1\\. a\n2. \\- b"
    assert md.document("a", "", "b") == "a\n\nb\n"
