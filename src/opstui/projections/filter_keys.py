"""The filter's keys: each reads its values once and gives a function on documents."""

from __future__ import annotations

from collections.abc import Callable

from opstui.domain.model import COMMON, SPECIFIC, Doc, Refused, exponent
from opstui.i18n import _
from opstui.projections.filter_buyers import buyer, first, touch
from opstui.projections.filter_context import FilterContext, Predicate, any_of, states, unknown
from opstui.projections.filter_history import COUNTED, counted, was
from opstui.projections.filter_times import age_key, breached_key, due_key, moment_key
from opstui.projections.spans import amount, operator


def _exact(key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:  # noqa: ARG001
    wanted = frozenset(value.casefold() for value in values)
    return lambda doc: str(doc.get(key, "")).casefold() in wanted


def _or_none(key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
    """As it is written, or none for those that have nothing there."""
    return _exact(key, tuple("" if value.casefold() == "none" else value for value in values), context)


def _ref(_key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
    return _exact("ref", values, context)


def _contains(key: str, values: tuple[str, ...], _context: FilterContext) -> Predicate:
    wanted = tuple(value.casefold() for value in values)

    def test(doc: Doc) -> bool:
        text = doc.get(key, "").casefold()
        return any(value in text for value in wanted)

    return test


def _owner(_key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
    names = {"me": context.me, "none": ""}
    wanted = frozenset(names.get(value.casefold(), value).casefold() for value in values)
    return lambda doc: doc.get("owner", "").casefold() in wanted


def _stage(_key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
    names: dict[str, set[str]] = {}
    for board in context.known_boards:
        for stage in board.stages:
            for name in (stage.id.casefold(), stage.name.casefold()):
                names.setdefault(name, set()).add(stage.id)
    wanted: set[str] = set()
    for value in values:
        found = names.get(value.casefold())
        if found is None:
            ids = [stage.id for board in context.known_boards for stage in board.stages]
            raise unknown(_("stage"), value, list(dict.fromkeys(ids)))
        wanted |= found
    return lambda doc: doc["stage"] in wanted


def _tag(_key: str, values: tuple[str, ...], _context: FilterContext) -> Predicate:
    wanted = frozenset(value.casefold() for value in values)
    if "none" in wanted:
        return lambda doc: not doc.get("tags") or any(tag.casefold() in wanted for tag in doc["tags"])
    return lambda doc: any(tag.casefold() in wanted for tag in doc.get("tags", ()))


def _channel(_key: str, values: tuple[str, ...], _context: FilterContext) -> Predicate:
    wanted = frozenset(value.casefold() for value in values) - {"none"}
    none = any(value.casefold() == "none" for value in values)

    def test(doc: Doc) -> bool:
        named = [name for name in (doc.get("channel", ""), *doc.get("channels", ())) if name]
        return any(name.casefold() in wanted for name in named) or (none and not named)

    return test


def _sku(_key: str, values: tuple[str, ...], _context: FilterContext) -> Predicate:
    wanted = frozenset(value.casefold() for value in values)
    return lambda doc: any(line.get("sku", "").casefold() in wanted for line in doc.get("lines", ()))


CHOICES = {
    field.name: field.choices
    for field in (*COMMON, *(field for fields in SPECIFIC.values() for field in fields))
    if field.choices
}
_DEFAULTS = {"priority": "normal", "payment": "unpaid", "sort": "question", "severity": "normal", "type": "process"}
"""What a document that leaves the field out means, on the boards that have it."""
_KIND = {"payment": "order", "sort": "feedback", "severity": "feedback", "type": "action"}


def _choice(key: str, values: tuple[str, ...], _context: FilterContext) -> Predicate:
    allowed = CHOICES[key]
    for value in values:
        if value.casefold() not in allowed:
            raise unknown(key, value, allowed)
    wanted = frozenset(value.casefold() for value in values)
    kind, default = _KIND.get(key), _DEFAULTS[key]
    return lambda doc: (kind is None or doc["kind"] == kind) and doc.get(key, default) in wanted


def _is(_key: str, values: tuple[str, ...], context: FilterContext) -> Predicate:
    known = states(context)
    for value in values:
        if value.casefold() not in known:
            raise unknown("is:", value, list(known))
    tests = [known[value.casefold()] for value in values]
    return tests[0] if len(tests) == 1 else lambda doc: any(test(doc) for test in tests)


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "": lambda a, b: a == b,
}


def _total(key: str, values: tuple[str, ...], _context: FilterContext) -> Predicate:
    sign, text = operator(values[0])
    value = amount(text)
    if value is None:
        raise Refused(_("{key}:{value} is no amount; write total:>500000").format(key=key, value=values[0]))
    compare = _COMPARE[sign]
    limits = {n: float(value.scaleb(n)) for n in (0, 2, 3)}
    field = "budget" if key == "budget" else "total"

    def test(doc: Doc) -> bool:
        money = doc.get(field)
        if money is None:
            money = doc.get("budget", 0) if field == "total" else 0
        return compare(money, limits[exponent(doc.get("currency", ""))])

    return test


def _score(key: str, values: tuple[str, ...], _context: FilterContext) -> Predicate:
    """Of one of the two questions: score (1 to 5) or nps (0 to 10)."""

    def one(value: str) -> Predicate:
        sign, text = operator(value)
        if not (text.isascii() and text.isdecimal()):
            raise Refused(_("{key}:{value} is no score; write {key}:<=2").format(key=key, value=value))
        compare, limit = _COMPARE[sign], int(text[:9])
        return lambda doc: doc.get(key) is not None and compare(doc[key], limit)

    return any_of(values, one)


UNSPLIT = frozenset({"total", "budget"})
"""Keys whose comma belongs to the number."""
READERS: dict[str, Callable[[str, tuple[str, ...], FilterContext], Predicate]] = {
    "owner": _owner,
    "stage": _stage,
    "due": due_key,
    "tag": _tag,
    "is": _is,
    "total": _total,
    "budget": _total,
    "priority": _choice,
    "payment": _choice,
    "severity": _choice,
    "sort": _choice,
    "type": _choice,
    "channel": _channel,
    "customer": _contains,
    "theme": _or_none,
    "city": _exact,
    "courier": _exact,
    "kind": _exact,
    "board": _exact,
    "source": _exact,
    "postmortem": _exact,
    "ref": _ref,
    "sku": _sku,
    "score": _score,
    "nps": _score,
    "age": age_key,
    "created": moment_key("created"),
    "since": moment_key("created", onward=True),
    "entered": moment_key("entered"),
    "done": moment_key("entered", done=True),
    "breached": breached_key,
    "was": was,
    "buyer": buyer,
    "first": first,
    "touch": touch,
    **dict.fromkeys(COUNTED, counted),
}
KEYS = tuple(READERS)
"""Every key of the language, for help and completion."""
_READS = {
    "due": ("due", "board", "stage", "unmade"),
    "tag": ("tags",),
    "is": ("board", "stage", "due", "blocker", "owner", "sensitive", "archived"),
    "total": ("total", "budget", "currency"),
    "budget": ("budget", "currency"),
    "channel": ("channel", "channels"),
    "sku": ("lines",),
    "age": ("entered",),
    "created": ("created", "unmade"),
    "since": ("created", "unmade"),
    "entered": ("entered", "unmade"),
    "done": ("entered", "board", "stage", "unmade"),
    "breached": ("breached", "unmade"),
    "was": ("id", "board", "stage", "archived", "put_away", "entered", "unmade"),
    "buyer": ("id", "board", "stage", "customer", "phone", "email", "buyer", "created", "unmade"),
    "touch": ("touches",),
    "first": ("id", "board", "stage", "customer", "phone", "email", "buyer", "created", "unmade"),
    **dict.fromkeys(COUNTED, ("id", "board")),
}


def fields_of(key: str) -> tuple[str, ...]:
    """The fields of a card that a key's tests read."""
    return _READS.get(key, (key, "kind"))
