"""The filter language: what each key finds, what is refused and how, and that nothing typed can crash it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from builders import Tables, board_of, card_doc
from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.model import Doc, Refused
from opstui.projections.buyers import buyers
from opstui.projections.filter import KEYS, FilterContext, parse
from opstui.projections.spans import amount, days

TODAY = date(2026, 9, 21)  # a Monday
NOW = datetime(2026, 9, 21, 7, 7, tzinfo=UTC)


class Stood:
    """Cards that stood somewhere yesterday, as their documents say today."""

    def holds(self, doc: Doc, place: str) -> bool:
        return doc["id"] == 1 and doc["stage"] == place and not doc.get("archived")


HERE = FilterContext(
    today=TODAY,
    now=NOW,
    zone=ZoneInfo("Asia/Jakarta"),
    me="rina",
    boards=DEFAULT_BOARDS,
    was=lambda _board, _first, _last: Stood(),
    bought=lambda: buyers(Tables(cards={298: order()}), DEFAULT_BOARDS, ZoneInfo("Asia/Jakarta"), TODAY),
    counted=lambda board, _what, _first, _last: {1} if board == "orders" else (),
)


WORTH_TRYING = (
    *("rina", "none", "new", "today", "overdue", "vip", "late", "blocked", "mine", "unassigned", "sensitive"),
    *("archived", "open", "done", "dropped", ">1", "paid", "high", "complaint", "question", "process", "email"),
    *("shopee", "Sari", "order", "orders", "ORD-0298", "GAYO", "<=2", ">3d", "7d", "critical", "minor", "people"),
    *("payment@yesterday", "wip@2026-09-01"),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def order(**fields: Any) -> Doc:
    base: dict[str, Any] = {"customer": "Sari Wulandari", "channel": "shopee", "total": 285_000, "currency": "IDR"}
    return card_doc(298, created=at("2026-09-20T18:00:00+00:00"), **{**base, **fields})


def found(query: str, doc: Doc) -> bool:
    """Whether it is let through; what a filter says it reads is all it needs."""
    keep = parse(query, HERE)
    if keep.rest is not None and keep.reads is not None:
        assert keep.rest({name: value for name, value in doc.items() if name in keep.reads}) == keep.rest(doc)
    return bool(keep(doc))


@pytest.mark.parametrize("key", KEYS)
def test_a_key_reads_what_it_says_and_no_more(key: str) -> None:
    """Cards are read through with those fields alone."""
    doc = order(
        owner="rina", due="2026-09-21", tags=["vip"], priority="high", blocker={"reason": "x"}, city="Bandung",
        courier="jne", source="shopee", theme="delivery", score=2, lines=[{"sku": "GAYO"}], postmortem="draft",
        channels=["email"], budget=7, payment="paid", archived=True, sensitive=True,
    )  # fmt: skip
    kinds = ("order", "feedback", "action", "campaign")
    values = (*(str(doc[name]) for name in ("city", "courier", "source", "theme", "postmortem")), *WORTH_TRYING)
    read = 0
    for value in values:
        try:
            keep = parse(f"{key}:{value}", HERE)
        except Refused:
            continue
        read += 1
        assert keep.rest is not None
        assert keep.reads is not None
        for kind in kinds:
            whole = {**doc, "kind": kind}
            cut = {name: held for name, held in whole.items() if name in keep.reads}
            assert keep.rest(cut) == keep.rest(whole)
    assert read


@pytest.mark.parametrize(
    ("query", "doc"),
    [
        ("", order()),
        ("   ", order()),
        ("sari", order()),
        ("SARI ord-0298", order()),
        ('"sari wul"', order()),
        ('"sari wul', order()),
        ("straße", order(title="STRASSE 5")),
        ("whole", order(tags=["wholesale"])),
        ("-budi", order()),
        ("-channel:none", order(channel="none")),
        ("channel:none", order(channel="")),
        ("touch:none", order()),
        ("touch:Meta", order(touches=[{"channel": "meta"}])),
        ("-touch:none", order(touches=[{"channel": "meta"}])),
        ("buyer:new", order()),
        ("buyer:new first:2026-09", order()),
        ("-buyer:returning,repeat,lost", order()),
        ("owner:me", order(owner="rina")),
        ("owner:budi,Rina", order(owner="rina")),
        ("owner:none", order()),
        ("stage:new", order()),
        ("stage:Payment,new", order()),
        ('stage:"in progress"', card_doc(1, "feedback", "in_progress")),
        ("tag:VIP", order(tags=["vip"])),
        ("tag:none", order()),
        ("-tag:vip", order(tags=["gift"])),
        ("is:late", order(due="2026-09-20")),
        ("is:open", order()),
        ("is:done", order(stage="closed")),
        ("is:dropped", order(stage="cancelled")),
        ("is:done,dropped", order(stage="cancelled")),
        ("is:blocked", order(blocker={"reason": "x", "since": "2026-09-20T00:00:00Z"})),
        ("is:mine", order(owner="rina")),
        ("is:unassigned", order()),
        ("is:sensitive", order(sensitive=True)),
        ("is:archived", order(archived=True)),
        ("due:today", order(due="2026-09-21")),
        ("due:<today", order(due="2026-09-20")),
        ("due:<=today", order(due="2026-09-21")),
        ("due:>today", order(due="2026-09-22")),
        ("due:>=2026-09-21", order(due="2026-09-21")),
        ("due:tomorrow", order(due="2026-09-22")),
        ("due:this-week", order(due="2026-09-27")),
        ("due:3d", order(due="2026-09-24")),
        ("due:+3d", order(due="2026-09-24")),
        ("due:2026-09", order(due="2026-09-30")),
        ("due:2026-09-20..2026-09-22", order(due="2026-09-22")),
        ("due:..today", order(due="2026-01-01")),
        ("due:none", order()),
        ("due:none,today", order(due="2026-09-21")),
        ("due:overdue", order(due="2026-09-01")),
        ("total:>200000", order()),
        ("total:285.000", order()),
        ("total:<=285,000", order()),
        ("total:>200rb", order()),
        ("total:<1,5jt", order()),
        ("total:>12", order(total=1250, currency="USD")),
        ("total:>1000000", card_doc(1, "campaigns", "live", budget=2_000_000, currency="IDR")),
        ("priority:high,urgent", order(priority="urgent")),
        ("priority:normal", order()),
        ("payment:unpaid", order()),
        ("channel:shopee", order()),
        ("channel:meta", card_doc(1, "campaigns", "live", channels=["meta", "tiktok"])),
        ("customer:wulan", order()),
        ("severity:normal", card_doc(1, "feedback", "inbox")),
        ("score:<=2", card_doc(1, "feedback", "inbox", score=2)),
        ("score:1,5", card_doc(1, "feedback", "inbox", score=5)),
        ("sku:G-1,K-2", order(lines=[{"name": "x", "quantity": 1, "sku": "k-2"}])),
        ("ref:ord-0298", order()),
        ("age:>12h", order()),
        ("age:<1d", order()),
        ("created:today", order()),  # 18:00 UTC on the 20th is the 21st in Jakarta
        ("-created:yesterday", order()),
        ("created:7d", order()),
        ("created:>=2026-09-21", order()),
        ("since:7d", order()),
        ("since:yesterday", order()),
        ("done:today", order(stage="closed")),
        ("entered:today", order()),
        ("owner:none stage:new", order()),
    ],
)
def test_finds(query: str, doc: Doc) -> None:
    assert found(query, doc)


@pytest.mark.parametrize(
    ("query", "doc"),
    [
        ("budi", order()),
        ("sari budi", order()),
        ("-sari", order()),
        ("owner:me", order()),
        ("owner:rin", order(owner="rina")),
        ("is:late", order(due="2026-09-21")),
        ("is:late", order(due="2026-09-01", stage="closed")),
        ("is:open", order(stage="cancelled")),
        ("due:<today", order()),
        ("due:none", order(due="2026-09-21")),
        ("due:this-week", order(due="2026-09-28")),
        ("due:3d", order(due="2026-09-20")),
        ("-due:<2026-01-01", order(due="2025-01-01")),
        ("total:>285000", order()),
        ("total:>12.5", order(total=1250, currency="USD")),
        ("payment:unpaid", card_doc(1, "feedback", "inbox")),
        ("severity:normal", order()),
        ("score:<=2", card_doc(1, "feedback", "inbox")),
        ("age:>1d", order()),
        ("created:yesterday", order()),
        ("done:today", order()),
        ("done:yesterday", order(stage="closed")),
        ("-tag:vip", order(tags=["vip"])),
    ],
)
def test_leaves_out(query: str, doc: Doc) -> None:
    assert not found(query, doc)


def test_seven_days_begin_six_days_ago_at_local_midnight() -> None:
    first = order() | {"created": "2026-09-14T17:00:00Z"}
    before = order() | {"created": "2026-09-14T16:59:59Z"}
    assert found("created:7d", first)
    assert found("since:7d", first)
    assert not found("created:7d", before)
    assert not found("since:7d", before)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ownr:me", ("ownr", "did you mean owner?", "stage")),
        ("stage:paymnt", ("paymnt", "did you mean payment?")),
        ("is:lat", ("lat", "did you mean late?")),
        ("priority:hgh", ("hgh", "high")),
        ("due:someday", ("someday", "this-week")),
        ("due:2026-02-31", ("2026-02-31",)),
        ("total:much", ("much", "total:>500000")),
        ("score:good", ("good",)),
        ("age:old", ("old", "age:>3d")),
        ("owner:", ("owner", "needs a value")),
        ("http://x", ("http",)),
    ],
)
def test_refuses_and_says_what_is_allowed(query: str, words: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        parse(query, HERE)
    for word in words:
        assert word in str(refused.value)


def test_stages_are_those_of_the_board_on_screen() -> None:
    here = FilterContext(today=TODAY, zone=HERE.zone, board=board_of("campaigns"))
    with pytest.raises(Refused, match="brief"):
        parse("stage:payment", here)


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_refused(query: str) -> None:
    try:
        matches = parse(query, HERE)
    except Refused:
        return
    assert matches(order()) in (True, False)


@given(st.sampled_from(KEYS), st.text(alphabet='0123456789-<>=.,dwhm"todayne:rb', max_size=24))
def test_any_value_of_any_key_is_read_or_refused(key: str, value: str) -> None:
    try:
        matches = parse(f"-{key}:{value}", HERE)
    except Refused:
        return
    for doc in (order(due="2026-09-01"), card_doc(1, "feedback", "inbox", score=3), card_doc(2, "campaigns", "live")):
        assert matches(doc) in (True, False)


@given(st.sampled_from(["sari", "is:late", "due:7d", "total:>1", "owner:me"]))
def test_a_minus_is_the_contrary(query: str) -> None:
    for doc in (order(), order(owner="rina", due="2026-09-01")):
        assert found(query, doc) != found(f"-{query}", doc)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("500000", 500_000),
        ("500.000", 500_000),
        ("1.234.567", 1_234_567),
        ("1,5jt", 1_500_000),
        ("12.5", 12.5),
        ("x", None),
    ],
)
def test_amounts_as_people_type_them(text: str, value: float | None) -> None:
    read = amount(text)
    assert (None if read is None else float(read)) == value


@pytest.mark.parametrize(
    ("word", "first", "after"),
    [
        ("this-week", "2026-09-21", "2026-09-28"),
        ("last-week", "2026-09-14", "2026-09-21"),
        ("this-month", "2026-09-01", "2026-10-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2w", "2026-09-08", "2026-09-22"),
        ("-3d", "2026-09-18", "2026-09-19"),
    ],
)
def test_words_for_days(word: str, first: str, after: str) -> None:
    span = days(word, TODAY, back=True)
    assert span is not None
    assert (span.first.isoformat(), span.after.isoformat()) == (first, after)


SAVED = {"late": "is:late", "late ones": "@late owner:me", "round": "@round", "wide": "@a " * 100, "a": "@b " * 100}
SAVED |= {"b": "x " * 30}


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("@late", "is:late"),
        ("sari @LATE", "sari is:late"),
        ('@"late ones" sari', "is:late owner:me sari"),
        ('"@late"', '"@late"'),
        ("sari@late", "sari@late"),
    ],
)
def test_a_saved_filter_stands_for_what_was_typed(query: str, same: str) -> None:
    here = replace(HERE, saved=SAVED)
    for fields in ({"due": "2026-09-20", "owner": "rina"}, {"due": "2026-09-20"}, {"title": "sari@late @late"}, {}):
        doc = order(**fields)
        assert bool(parse(query, here)(doc)) == bool(parse(same, HERE)(doc))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("@laet", 'unknown saved filter "laet"; did you mean late?'),
        ("@", 'unknown saved filter ""'),
        ("@round", "names itself"),
        ("@wide", "too long together"),
    ],
)
def test_a_saved_filter_that_cannot_be_used_says_why(query: str, says: str) -> None:
    with pytest.raises(Refused, match=says.replace("?", ".")):
        parse(query, replace(HERE, saved=SAVED))
