"""What a post-mortem should not say: whose fault it was, and promises that nobody can see kept (spec B.3, B.4).

Everything here warns and nothing refuses: words are only signs, and whoever wrote them decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from opstui.i18n import _

Rule = Literal["blame", "name", "vague", "artefact"]


class Remark(Struct, frozen=True):
    """A warning about words: which rule, the words it is about, and what to write instead."""

    rule: Rule
    words: str
    said: str


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(patterns)})(?![\w-])", re.IGNORECASE)


BLAME = _words(
    r"salah(?!\s+satu\b)\w{0,3}",
    r"disalahkan|menyalahkan|kesalahan(?:nya)?",
    r"(?:ke)?lalai(?:an)?(?:nya)?",
    r"(?:ke)?ceroboh(?:an)?(?:nya)?",
    r"(?:ter|me)?lupa(?:kan)?",
    r"teledor|keteledoran|malas|bodoh",
    r"careless(?:ly|ness)?",
    r"forg[eo]t(?:s|ten|ting)?",
    r"(?:at\s+)?faults?",
    r"blam(?:e[ds]?|ing)",
    r"negligen(?:t|ce|tly)|sloppy|sloppiness|lazy|laziness|incompetent|incompetence|stupid(?:ly|ity)?",
)
"""Words that judge a person, in English and Indonesian; `salah satu` only means one of them."""
VAGUE = _words(
    r"(?:be(?:ing)?\s+)?(?:more\s+)?careful(?:ly)?",
    r"(?:try|trying)\s+(?:to|harder)",
    r"monitor(?:ing)?\s+(?:more|closely|better)|(?:more|closer|better)\s+monitoring",
    r"pay(?:ing)?\s+(?:more\s+)?attention",
    r"keep(?:ing)?\s+an\s+eye(?:\s+on)?",
    r"be(?:ing)?\s+(?:more\s+)?(?:aware|alert|vigilant|mindful)",
    r"communicate\s+(?:more|better)|(?:more|better|improve)\s+communication",
    r"double[\s-]check\s+everything",
    r"remember\s+to|do\s?n[o']?t\s+forget|don't\s+forget",
    r"hati[\s-]hati",
    r"(?:lebih\s+)(?:teliti|cermat|waspada|sering|baik\s+lagi|memperhatikan)",
    r"(?:berusaha|usahakan|mencoba|coba)",
    r"(?:lebih\s+)?(?:perhatikan|diperhatikan|tingkatkan|ditingkatkan)",
    r"jangan\s+lupa|diingatkan|ingatkan",
)
"""Promises that anybody can say were kept."""
ARTEFACT = _words(
    r"check\s?lists?|sops?|templates?|rules?|alerts?|alarms?|reminders?|forms?|scripts?|cards?|boards?|documents?",
    r"docs?|reports?|dashboards?|playbooks?|labels?|contracts?|trainings?|tests?|budgets?|backups?|suppliers?",
    r"sheets?|spreadsheets?|filters?|fields?|tags?|calendars?|schedules?|rosters?|guides?|manuals?|poly?cy|policies",
    r"agreements?|accounts?|permissions?|integrations?|webhooks?|printers?|scanners?|scales?|boxes|box|mailers?|shelf",
    r"shelves|signs?|stickers?|photos?|videos?|posts?|pages?|links?|buttons?|numbers?|limits?|minimums?|buffers?",
    r"daftar|formulir|aturan|laporan|jadwal|kartu|dokumen|panduan|kontrak|stok|papan|pengingat|notifikasi|anggaran",
    r"pemasok|cadangan|kotak|dus|stiker|foto|templat|pelatihan|uji\s?coba|rak|timbangan|kalender|batas|kolom",
)
"""Things that are there, or changed, when an action is done."""
_SENTENCE = re.compile(r"[.!?;\n]+\s*")
_FIGURE = re.compile(r"\d")
SHORTEST_NAME = 2


def remarks(text: str, names: Iterable[str], *, persons: bool = False) -> tuple[Remark, ...]:
    """What is to be said of a text that people wrote. `names` are those of the members.

    A name and a word that blames in one sentence is a remark; with `persons` (five whys) a name alone is.
    """
    known = [(name, _words(re.escape(name))) for name in names if len(name) >= SHORTEST_NAME]
    return tuple(dict.fromkeys(remark for part in _SENTENCE.split(text) for remark in _judged(part, known, persons)))


def _judged(sentence: str, known: list[tuple[str, re.Pattern[str]]], persons: bool) -> Iterator[Remark]:  # noqa: FBT001
    blamed = BLAME.search(sentence)
    named = [name for name, pattern in known if (blamed or persons) and pattern.search(sentence)]
    if named and blamed:
        said = _("'{word}' beside {name} blames; say what made it possible")
        yield Remark("blame", blamed[0], said.format(word=blamed[0], name=named[0]))
    elif named and persons:
        yield Remark("name", named[0], _("{name} is a person; ask what made it possible").format(name=named[0]))


def action_remarks(values: Mapping[str, Any], names: Iterable[str]) -> tuple[Remark, ...]:
    """What is to be said of an action: blame, a vague promise, or nothing that will be there when it is done."""
    text, done_when = str(values.get("text") or ""), str(values.get("done_when") or "")
    found = list(remarks(f"{text}\n{done_when}", names))
    vague = VAGUE.search(text) or VAGUE.search(done_when)
    if vague:
        said = _("'{words}' can always be said to be done; name a thing that changes")
        found.append(Remark("vague", vague[0], said.format(words=vague[0])))
    elif text and not any(ARTEFACT.search(part) or _FIGURE.search(part) for part in (text, done_when)):
        found.append(Remark("artefact", "", _("it names nothing to look at: a rule, a checklist, a number ...")))
    return tuple(found)
