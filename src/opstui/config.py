"""opstui.toml <-> one frozen `Settings`, and where the package's own files are.

The fast path converts with msgspec; only when that refuses is pydantic imported, to say everything that is wrong and
where. One definition (the dataclasses) serves both: a start never pays for the better wording.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from opstui.currencies import objection
from opstui.domain.boards import DEFAULT_BOARDS, Board, Rules, Stage
from opstui.domain.model import clean_line
from opstui.domain.registry import WITH_TARGET
from opstui.domain.sections import SEVERITIES
from opstui.i18n import _
from opstui.smallfile import read_small
from opstui.timetable import (
    LEVELS,
    Promise,
    Reaction,
    Timetable,
    Week,
    unsound_calendar,
    unsound_incidents,
    unsound_sla,
)
from opstui.timetable import TEMPLATE as TIMETABLE

FILE = "opstui.toml"


TARGETS = WITH_TARGET
"""The figures that have targets."""


class Malformed(Exception):  # noqa: N818 - it describes the file, not a fault of ours
    """A settings file that cannot be used. Its text names the file, the line and what was expected, for people."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a workspace has decided about itself. `locale` is a CLDR id (en, id); `timezone` an IANA name."""

    name: str = "opstui"
    currency: str = "IDR"
    timezone: str = "Asia/Jakarta"
    locale: str = "en"
    theme: str = "dark"
    glyphs: Literal["auto", "unicode", "ascii"] = "auto"
    """What the console draws with; auto is ascii where the locale is not UTF-8."""
    boards: tuple[Board, ...] = DEFAULT_BOARDS
    targets: dict[str, float] = field(default_factory=dict)
    """KPI id (of TARGETS) -> target."""
    margin: float | None = None
    """What is left of an order's value once goods and delivery are paid: 0.35; None where nobody said."""
    calendar: Timetable = field(default_factory=Timetable)
    """When the place is open."""
    sla: dict[str, Promise] = field(default_factory=dict)
    """Board kind -> what is promised there; see `timetable.promised`."""
    incidents: dict[str, Reaction] = field(default_factory=dict)
    """Severity -> how soon an incident should be noticed, taken up, contained and over."""

    @cached_property
    def zone(self) -> ZoneInfo:
        """The workspace's time zone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def rules(self) -> Rules:
        """What deciding needs of the settings."""
        return Rules(boards=self.boards, currency=self.currency, zone=self.zone)

    def board(self, board_id: str) -> Board | None:
        """The board of that id."""
        return self.rules.board(board_id)


def load(folder: Path) -> Settings:
    """The settings of a workspace; a folder without the file has the defaults.

    Raises:
        Malformed: the file is no TOML, or says something it may not.
    """
    text = _text(folder / FILE)
    if text is None:
        return Settings()
    raw = _parsed(text)
    try:
        settings = msgspec.convert(raw, Settings)
    except (msgspec.ValidationError, OverflowError) as wrong:
        raise Malformed(_explain(raw, text, str(wrong))) from None
    for problem in (*_unknown(raw), *_unsound(settings)):
        raise Malformed(_place(text, *problem))
    return _tidy(settings)


def _text(path: Path) -> str | None:
    """The file's text, None when there is none. A link to nothing is no such case: someone meant a file."""
    try:
        return read_small(path).decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        if path.is_symlink():
            raise Malformed(_("{file} is a link to a file that is not there").format(file=FILE)) from None
        return None
    except UnicodeDecodeError as wrong:
        raise Malformed(_("{file}: byte {n} is not UTF-8").format(file=FILE, n=wrong.start)) from None
    except OSError as wrong:
        raise Malformed(_("{file} cannot be read: {reason}").format(file=FILE, reason=wrong.strerror)) from None


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        reason = clean_line(str(wrong))
    except RecursionError:
        reason = _("lists or tables are nested too deep")
    except ValueError:
        reason = _("it holds a number with too many digits")
    raise Malformed(_("{file}: {reason}").format(file=FILE, reason=reason))


def _tidy(settings: Settings) -> Settings:
    """Names as one line of visible text, the locale as CLDR spells it (en_US)."""
    boards = settings.boards
    if boards is not DEFAULT_BOARDS:
        boards = tuple(
            replace(b, name=clean_line(b.name), stages=tuple(replace(s, name=clean_line(s.name)) for s in b.stages))
            for b in boards
        )
    locale = settings.locale.replace("-", "_")
    return replace(settings, name=clean_line(settings.name), locale=locale, boards=boards)


def _explain(raw: dict[str, Any], text: str, fallback: str) -> str:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - 75 ms, paid only for a wrong file

    try:
        TypeAdapter(Settings).validate_python(raw)
    except ValidationError as wrong:
        return "\n".join(_place(text, tuple(e["loc"]), _expected(e)) for e in wrong.errors()[:5])
    return f"{FILE}: {fallback}"


_WANTED = {
    "string": _("it should be a text in quotes"),
    "int": _("it should be a whole number"),
    "float": _("it should be a number"),
    "bool": _("it should be true or false"),
    "tuple": _("it should be a list"),
    "list": _("it should be a list"),
    "dict": _("it should be a table"),
    "dataclass": _("it should be a table"),
}
"""Kind of value -> what is wanted, instead of the words of the one who checks it."""


def _expected(error: Any) -> str:
    kind = error["type"]
    if kind == "missing":
        return _("it is missing, and needed here")
    got = clean_line(repr(error["input"]))[:60]
    if kind == "literal_error":
        message = _("it should be {choices}").format(choices=error["ctx"]["expected"])
    else:
        message = _WANTED.get(kind.partition("_")[0], error["msg"]) if kind.endswith(("_type", "_parsing")) else ""
    return _("{message}; it says {got}").format(message=message or error["msg"], got=got)


_KNOWN: dict[str, frozenset[str]] = {
    "": frozenset(f.name for f in fields(Settings)),
    "boards": frozenset(f.name for f in fields(Board)),
    "stages": frozenset(f.name for f in fields(Stage)),
    "calendar": frozenset(f.name for f in fields(Timetable)),
    "hours": frozenset(f.name for f in fields(Week)),
    "sla": frozenset(LEVELS),
    **dict.fromkeys(LEVELS, frozenset(f.name for f in fields(Promise))),
    "incidents": frozenset(SEVERITIES),
    **dict.fromkeys(SEVERITIES, frozenset(f.name for f in fields(Reaction))),
}


def _unknown(
    raw: dict[str, Any], kind: str = "", at: tuple[str | int, ...] = ()
) -> list[tuple[tuple[str | int, ...], str]]:
    """(place, reason) of every key nobody reads: a typing mistake there would otherwise be silent."""
    found = []
    for name, value in raw.items():
        if name not in _KNOWN[kind]:
            near = difflib.get_close_matches(name, _KNOWN[kind], n=1)
            hint = _("; did you mean {name}?").format(name=near[0]) if near else ""
            found.append(
                ((*at, name), _("'{name}' is not a setting{hint}").format(name=clean_line(name)[:40], hint=hint))
            )
        elif name in _KNOWN:
            if isinstance(value, dict):
                found += _unknown(value, name, (*at, name))
                continue
            for i, row in enumerate(value):
                found += _unknown(row, name, (*at, name, i))
    return found


def _unsound(settings: Settings) -> list[tuple[tuple[str | int, ...], str]]:
    """What has the right types and still cannot be."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    try:
        ZoneInfo(settings.timezone)
    except (KeyError, ValueError, OSError):
        found.append(
            (("timezone",), _("'{zone}' is no time zone like Asia/Jakarta").format(zone=settings.timezone[:40]))
        )
    if not re.fullmatch("[A-Z]{3}", settings.currency):
        found.append((("currency",), _("'{code}' is no ISO 4217 code like IDR").format(code=settings.currency[:10])))
    if not _is_locale(settings.locale):
        found.append((("locale",), _("'{locale}' is no locale like en or id").format(locale=settings.locale[:20])))
    for what, values in (("id", [b.id for b in settings.boards]), ("prefix", [b.prefix for b in settings.boards])):
        twice = {v for v in values if values.count(v) > 1}
        found += [
            (("boards", values.index(v), what), _("'{v}' is used by two boards").format(v=v)) for v in sorted(twice)
        ]
    for i, board in enumerate(settings.boards):
        found += _unsound_board(board, ("boards", i))
    if settings.margin is not None and not 0 < settings.margin <= 1:
        found.append((("margin",), _("a margin lies above 0 and up to 1, as in 0.35")))
    found += [*unsound_calendar(settings.calendar), *unsound_sla(settings.sla), *unsound_incidents(settings.incidents)]
    return found + _unsound_targets(settings.targets)


def _is_locale(name: str) -> bool:
    """Whether it is a locale that numbers and days can be written in; Babel is loaded for uncommon ones only."""
    if name in ("en", "id"):
        return True
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - see the docstring

    try:
        return bool(re.fullmatch("[a-z]{2,3}([_-][A-Za-z]{2,8})*", name) and Locale.parse(name.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return False


def _unsound_targets(targets: dict[str, float]) -> list[tuple[tuple[str | int, ...], str]]:
    found: list[tuple[tuple[str | int, ...], str]] = []
    for name, value in targets.items():
        if name not in TARGETS:
            near = difflib.get_close_matches(name, TARGETS, n=1) or TARGETS
            reason = _("'{name}' has no target; try {near}").format(name=clean_line(name)[:40], near=", ".join(near))
            found.append((("targets", name), reason))
        elif not math.isfinite(value):
            found.append((("targets", name), _("a target is a number")))
    return found


def _unsound_board(board: Board, at: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], str]]:
    ids = [s.id for s in board.stages]
    found: list[tuple[tuple[str | int, ...], str]] = []
    if not re.fullmatch("[A-Z]{2,6}", board.prefix):
        found.append(((*at, "prefix"), _("a prefix is 2 to 6 capital letters")))
    if board.prefix == "PM":
        found.append(((*at, "prefix"), _("PM is the prefix of post-mortems; choose another")))
    if not re.fullmatch("[a-z][a-z0-9_-]*", board.id):
        found.append(((*at, "id"), _("a board's id is small letters, digits, - and _")))
    if not {s.category for s in board.stages} >= {"queue", "done"}:
        found.append(((*at, "stages"), _("a board needs at least one queue stage and one done stage")))
    found += [
        ((*at, "stages", i, "id"), _("'{v}' is used by two stages").format(v=v))
        for i, v in enumerate(ids)
        if v in ids[:i]
    ]
    if not clean_line(board.name):
        found.append(((*at, "name"), _("a board needs a name")))
    for i, stage in enumerate(board.stages):
        found += [((*at, "stages", i, name), reason) for name, reason in _unsound_stage(stage)]
    return found


def _unsound_stage(stage: Stage) -> list[tuple[str, str]]:
    """(setting, reason) of what is wrong with a stage by itself."""
    found = []
    if not re.fullmatch(r"[\w-]{1,40}", stage.id):
        found.append(("id", _("a stage's id is up to 40 letters, digits, - and _")))
    if not clean_line(stage.name):
        found.append(("name", _("a stage needs a name")))
    if stage.wip is not None and stage.wip < 1:
        found.append(("wip", _("a WIP limit is at least 1")))
    for name in ("expected_hours", "sla_hours"):
        hours = getattr(stage, name)
        if hours is not None and not 0 < hours < math.inf:
            found.append((name, _("hours are a number above 0")))
    return found


def _place(text: str, loc: tuple[str | int, ...], reason: str) -> str:
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in loc)
    return _("{file}, line {n}, {name}: {reason}").format(file=FILE, n=_line(text, loc), name=name, reason=reason)


def _line(text: str, loc: tuple[str | int, ...]) -> int:
    """The line of a key: TOML readers do not keep places, so walk the table headers and keys down to it."""
    lines, at = text.splitlines(), 0
    for i, part in enumerate(loc):
        if isinstance(part, int):
            header = re.compile(
                rf"\s*\[\[\s*{re.escape('.'.join(str(p) for p in loc[:i] if isinstance(p, str)))}\s*\]\]"
            )
            for _turn in range(part + 1):
                at = next((n for n in range(at + (_turn > 0), len(lines)) if header.match(lines[n])), at)
        else:
            key = re.compile(
                rf"\s*(\[+\s*)?([\w.]*\.)?\"?{re.escape(part)}\"?\s*(=|\])|.*[{{,]\s*{re.escape(part)}\s*="
            )
            at = next((n for n in range(at, len(lines)) if key.match(lines[n])), at)
    return at + 1


TEMPLATE = """\
# The settings of this workspace. Read at every start; edit freely. Lines that begin with # are comments.

name = {name}
currency = {currency}          # ISO 4217; money is shown in it unless a card says otherwise
timezone = {timezone}  # IANA name; days, "late" and "today" are read in it
locale = {locale}              # how numbers, money and dates are written (en, id)
theme = "dark"             # dark, light, high-contrast, colour-blind, terminal, gayo, toraja, kintamani
glyphs = "auto"            # "unicode" or "ascii"; auto is ascii where the terminal's locale is not UTF-8

# margin = 0.35            # what is left of an order once goods and delivery are paid: for the return on ads

# Targets shown on the KPI pane, by KPI id.
[targets]
delayed = 3
on_time_rate = 0.95

{timetable}# Boards and their stages are the built-in ones until they are written here, all of them at once:
# [[boards]]
# id = "orders"
# name = "Orders"
# kind = "order"            # order, campaign, feedback or action: the details its cards have
# prefix = "ORD"
# [[boards.stages]]
# id = "new"
# name = "New"
# category = "queue"        # queue, active, done or dropped
# [[boards.stages]]
# id = "packing"
# name = "Packing"
# category = "active"
# wip = 10                  # how many cards it should hold at most
# wip_policy = "warn"       # or "block"
# expected_hours = 24
# [[boards.stages]]
# id = "closed"
# name = "Closed"
# category = "done"
"""


def write(folder: Path, *, name: str, currency: str, timezone: str, locale: str) -> None:
    """A commented opstui.toml with these values.

    Raises:
        Malformed: a value will not do; nothing is written.
    """
    text = written(name=name, currency=currency, timezone=timezone, locale=locale)
    (folder / FILE).write_text(text, encoding="utf-8")


def written(*, name: str, currency: str, timezone: str, locale: str) -> str:
    """The text of a commented opstui.toml with these values.

    Raises:
        Malformed: a value will not do.
    """
    locale = locale.replace("-", "_")
    quoted = {
        key: msgspec.json.encode(clean_line(value)).decode()
        for key, value in {"name": name, "currency": currency, "timezone": timezone, "locale": locale}.items()
    }
    text = TEMPLATE.format(**quoted, timetable=TIMETABLE)
    settings = msgspec.convert(tomllib.loads(text), Settings)
    problems = [reason for _loc, reason in _unsound(settings)]
    for reason in filter(None, (objection(settings.currency), *problems)):
        raise Malformed(reason)
    return text


def resource(name: str) -> Path:
    """A folder that ships with opstui (themes, sample_data): in the installed package, else in the checkout."""
    here = Path(__file__).parent
    packaged = here / name
    return packaged if packaged.is_dir() else here.parents[1] / name
