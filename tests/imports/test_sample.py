"""The sample shop adds up, keeps to the boards, and is alive at whatever hour and day it is opened."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opstui import config
from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.model import Draft, Refused, plain, utc
from opstui.imports.interface import Context, Reading
from opstui.imports.sample import read
from opstui.imports.sample.deeds import deeds, people
from opstui.imports.sample.relative import Calendar

SAMPLE = config.resource("sample_data")
ZONE = ZoneInfo("Asia/Jakarta")
NOON = datetime(2026, 9, 21, 12, 0, tzinfo=ZONE)
HOURS = (0.01, 0.5, 5, 7.99, 8, 9.25, 14, 23.99)


def reading(now: datetime = NOON, folder: Path = SAMPLE) -> Reading:
    return read([folder], Context(zone=ZONE, currency="IDR", now=now))


@pytest.fixture(scope="module")
def shop() -> Reading:
    return reading()


def of(shop: Reading, board: str) -> list[Draft]:
    return [draft for draft in shop.drafts if draft.board == board]


def keyed(shop: Reading) -> dict[str, Draft]:
    return {draft.external_id: draft for draft in shop.drafts}


def stage_of(draft: Draft) -> str:
    return [past.value for past in draft.history if past.sort == "stage"][-1]


def is_open(draft: Draft) -> bool:
    board = next(b for b in DEFAULT_BOARDS if b.id == draft.board)
    return board.category(stage_of(draft)) in ("queue", "active")


def blocked(draft: Draft) -> str:
    """The reason and whom it waits for; empty when it can go on."""
    marks = [past for past in draft.history if past.sort in ("blocked", "unblocked")]
    return marks[-1].value if marks and marks[-1].sort == "blocked" and is_open(draft) else ""


def late(draft: Draft, today: date) -> bool:
    return is_open(draft) and date.fromisoformat(draft.fields.get("due", "9999-12-31")) < today


def test_every_row_is_taken(shop: Reading) -> None:
    assert shop.report.problems == []
    assert Counter(draft.board for draft in shop.drafts) == {
        "orders": 62,
        "campaigns": 12,
        "feedback": 40,
        "actions": 6,
    }
    assert len(shop.stock) == 11


def test_keys_are_unique_and_what_is_named_exists(shop: Reading) -> None:
    keys = [draft.external_id for draft in shop.drafts]
    assert len(set(keys)) == len(keys)
    seen: set[str] = set()
    for draft in shop.drafts:
        assert {to for _relation, to in draft.links} <= seen, f"{draft.external_id} links forward"
        seen.add(draft.external_id)


@pytest.mark.parametrize("name", ["notes.csv", "deeds.csv", "daily_metrics.csv"])
def test_side_tables_name_cards_that_exist(shop: Reading, name: str) -> None:
    rows = (SAMPLE / name).read_text(encoding="utf-8").splitlines()[1:]
    assert {row.split(",")[0] for row in rows} <= set(keyed(shop))


def test_every_stage_is_one_of_its_board(shop: Reading) -> None:
    for draft in shop.drafts:
        board = next(b for b in DEFAULT_BOARDS if b.id == draft.board)
        assert all(board.stage(past.value) for past in draft.history if past.sort == "stage"), draft.external_id


def test_orders_go_forward_only(shop: Reading) -> None:
    order = [stage.id for stage in DEFAULT_BOARDS[0].stages]
    for draft in of(shop, "orders"):
        path = [past.value for past in draft.history if past.sort == "stage"]
        assert path == sorted(path, key=order.index), draft.external_id
        assert path[0] == "new"


def test_the_boards_of_the_settings_are_the_default_ones_with_promises() -> None:
    settings = config.load(SAMPLE)
    assert (settings.name, settings.currency, settings.zone) == ("Kopi Lereng", "IDR", ZONE)
    for ours, default in zip(settings.boards, DEFAULT_BOARDS, strict=True):
        assert [(s.id, s.name, s.category, s.wip) for s in ours.stages] == [
            (s.id, s.name, s.category, s.wip) for s in default.stages
        ]
    assert settings.boards[0].stages[2].expected_hours == 6


# ------------------------------------------------------------------------------- orders


def test_lines_add_up_to_totals(shop: Reading) -> None:
    for draft in of(shop, "orders"):
        lines = draft.fields["lines"]
        assert sum(line["quantity"] * line["price"] for line in lines) == draft.fields["total"], draft.external_id
        assert draft.fields["currency"] == "IDR"


def test_order_lines_are_of_products_or_postage(shop: Reading) -> None:
    skus = {item.product.sku: item.product.name for item in shop.stock}
    for draft in of(shop, "orders"):
        for line in draft.fields["lines"]:
            assert line["name"] == (skus[line["sku"]] if "sku" in line else "Ongkir")


def test_open_orders_by_stage_with_late_and_blocked_ones(shop: Reading) -> None:
    orders = of(shop, "orders")
    assert Counter(map(stage_of, filter(is_open, orders))) == {
        "new": 3,
        "payment": 5,
        "stock": 6,
        "processing": 3,
        "shipping": 3,
    }
    assert sorted(d.external_id for d in orders if late(d, NOON.date())) == [
        "KL-033",
        "KL-034",
        "KL-036",
        "KL-037",
        "KL-040",
        "KL-041",
        "KL-045",
    ]
    assert sorted(d.external_id for d in orders if blocked(d)) == [
        "KL-033",
        "KL-034",
        "KL-036",
        "KL-037",
        "KL-040",
        "KL-041",
        "KL-045",
        "KL-047",
    ]
    assert all(" | " in blocked(d) for d in orders if blocked(d)), "each says whom it waits for"


def test_what_was_shipped_has_a_tracking_number_that_nobody_can_mistake_for_a_real_one(shop: Reading) -> None:
    for draft in of(shop, "orders"):
        shipped = any(past.value == "shipping" for past in draft.history if past.sort == "stage")
        assert shipped == ("tracking" in draft.fields), draft.external_id
        assert "-CONTOH-" in draft.fields.get("tracking", "-CONTOH-")


def test_stock_is_where_the_last_thirty_days_went(shop: Reading) -> None:
    since, spent = NOON - timedelta(days=30), Counter[str]()
    for draft in of(shop, "orders"):
        path = [past for past in draft.history if past.sort == "stage"]
        ends = [past.at for past in path[1:]] + [NOON.astimezone(UTC)]
        for past, end in zip(path, ends, strict=True):
            if past.value not in ("new", "closed", "cancelled"):
                spent[past.value] += int(max(timedelta(), end - max(past.at, since)).total_seconds())
    assert spent.most_common(1)[0][0] == "stock"
    assert spent["stock"] > 1.5 * spent["shipping"]


# ------------------------------------------------------------------------------- campaigns


def test_eight_campaigns_have_figures_for_every_day_they_were_live(shop: Reading) -> None:
    told = [draft for draft in of(shop, "campaigns") if draft.metrics]
    assert len(told) == 8
    for draft in told:
        first, last = (date.fromisoformat(draft.fields[name]) for name in ("starts", "ends"))
        stopped = [past.at.astimezone(ZONE).date() for past in draft.history if past.value == "stopped"]
        last = min([last, NOON.date() - timedelta(days=1), *stopped])
        days = {row.day for row in draft.metrics}
        assert days == {first + timedelta(days=n) for n in range((last - first).days + 1)}, draft.external_id
        assert {row.channel for row in draft.metrics} == set(draft.fields["channels"])


def test_campaigns_that_were_never_live_have_no_figures(shop: Reading) -> None:
    fresh = {draft.external_id: stage_of(draft) for draft in of(shop, "campaigns") if not draft.metrics}
    assert fresh == {"preanger": "scheduled", "cupping": "approval", "v60": "production", "wisuda": "brief"}


def test_the_flash_sale_missed_its_targets_and_overspent_one_day(shop: Reading) -> None:
    sale = keyed(shop)["ultah"]
    spend, conversions, revenue = (
        sum(getattr(row, n) for row in sale.metrics) for n in ("spend", "conversions", "revenue")
    )
    assert (spend, conversions, revenue) == (2_960_000, 55, 5_550_000)
    assert round(spend / conversions) == 53_818
    by_day = Counter[date]()
    for row in sale.metrics:
        by_day[row.day] += row.spend
    assert [by_day[day] for day in sorted(by_day)] == [580_000, 1_140_000, 675_000, 565_000]
    assert sum(amount > sale.fields["budget"] / 4 for amount in by_day.values()) == 1
    targets = {row["metric"]: row["target"] for row in sale.fields["targets"]}
    assert spend / conversions > targets["cpa"]
    assert revenue / spend < targets["roas"]
    assert conversions < targets["conversions"]


def test_what_people_say_of_the_flash_sale_is_what_the_figures_say(shop: Reading) -> None:
    said = " ".join(past.value for past in keyed(shop)["ultah"].history if past.sort == "comment")
    for figure in ("55 pesanan", "target 70", "Rp 53.818", "Rp 1,14 juta", "Rp 750 ribu", "62 bungkus"):
        assert figure in said


def test_the_flash_sale_waited_seven_days_for_approval_and_was_sent_back_once(shop: Reading) -> None:
    path = [past for past in keyed(shop)["ultah"].history if past.sort == "stage"]
    waits = [b.at - a.at for a, b in pairwise(path) if a.value == "approval"]
    assert len(waits) == 2
    assert sum(waits, timedelta()).days == 7


def _ctr(draft: Draft, days: range) -> float:
    rows = [row for row in draft.metrics if (NOON.date() - row.day).days in days]
    return sum(row.clicks for row in rows) / sum(row.impressions for row in rows)


@pytest.mark.parametrize(("key", "falls"), [("drip", True), ("langganan", False)])
def test_one_live_campaign_wears_out_and_the_other_does_not(shop: Reading, key: str, falls: bool) -> None:
    draft = keyed(shop)[key]
    assert stage_of(draft) == "live"
    assert (_ctr(draft, range(1, 4)) < 0.8 * _ctr(draft, range(4, 11))) is falls


def test_the_good_campaign_meets_its_targets(shop: Reading) -> None:
    rows = keyed(shop)["langganan"].metrics
    spend = sum(row.spend for row in rows)
    assert sum(row.revenue for row in rows) / spend > 3.5
    assert spend / sum(row.conversions for row in rows) < 45_000


# ------------------------------------------------------------------------------- feedback, stock, people


def test_complaints_come_with_the_flash_sale(shop: Reading) -> None:
    start = datetime.fromisoformat(keyed(shop)["ultah"].fields["starts"]).replace(tzinfo=ZONE)
    complaints = [draft for draft in of(shop, "feedback") if draft.fields["sort"] == "complaint"]
    before = [draft for draft in complaints if draft.created < start]
    assert len(complaints) - len(before) > 2 * len(before)


def test_feedback_is_of_every_sort_and_answered_after_it_came(shop: Reading) -> None:
    said = of(shop, "feedback")
    assert {draft.fields["sort"] for draft in said} == {"complaint", "question", "praise", "idea", "review"}
    assert sum(is_open(draft) for draft in said) == 19
    assert all(utc(d.fields["first_response"]) > d.created for d in said if "first_response" in d.fields)
    assert all("first_response" in d.fields for d in said if stage_of(d) == "replied")


def test_gayo_ran_out_in_the_flash_sale_and_three_products_are_critical(shop: Reading) -> None:
    critical = []
    for item in shop.stock:
        assert all(movement.quantity for movement in item.movements)
        levels = list(accumulate(m.quantity for m in sorted(item.movements, key=lambda m: m.at)))
        assert min(levels) >= 0, f"{item.product.sku} below nothing"
        assert (min(levels) == 0) == (item.product.sku == "GAYO-250")
        if levels[-1] <= item.product.minimum:
            critical.append(item.product.sku)
    assert critical == ["GAYO-250", "GAYO-1K", "DRIP-10"]


def test_actions_of_the_post_mortem_some_done_one_overdue(shop: Reading) -> None:
    actions = of(shop, "actions")
    assert Counter(map(stage_of, actions)) == {"todo": 1, "doing": 3, "done": 2}
    assert [draft.external_id for draft in actions if late(draft, NOON.date())] == ["stock-gate"]
    assert all(draft.links == (("caused_by", "ultah"),) for draft in actions)


def test_only_people_of_the_shop_appear(shop: Reading) -> None:
    _since, roles = people(SAMPLE, Calendar(ZONE, NOON))
    assert roles == {"rina": "owner", "budi": "ops_lead", "dewi": "cs", "ani": "content", "yoga": "finance"}
    names = {past.by for draft in shop.drafts for past in draft.history} | {
        draft.fields.get("owner", "") for draft in shop.drafts
    }
    assert names - {""} == set(roles)


def test_nobody_owns_or_comments_on_what_their_role_does_not_reach(shop: Reading) -> None:
    no_orders, no_feedback = {"ani"}, {"ani", "yoga"}
    for draft in shop.drafts:
        outsiders = {"orders": no_orders, "feedback": no_feedback}.get(draft.board, set())
        assert not outsiders & {draft.fields.get("owner"), *(past.by for past in draft.history)}, draft.external_id


# ------------------------------------------------------------------------------- time


@pytest.mark.parametrize("hours", HOURS)
def test_nothing_lies_ahead_and_today_is_alive_at_any_hour(hours: float) -> None:
    midnight = datetime(2026, 12, 1, tzinfo=ZONE)
    now = midnight + timedelta(hours=hours)
    shop = reading(now)
    assert shop.report.problems == []
    moments = [past.at for draft in shop.drafts for past in draft.history]
    moments += [movement.at for item in shop.stock for movement in item.movements]
    moments += [deed.at for deed in deeds(SAMPLE, Calendar(ZONE, now))]
    assert max(moments) <= now
    assert max(row.day for draft in shop.drafts for row in draft.metrics) < now.date()
    orders = of(shop, "orders")
    assert sum(draft.created >= midnight for draft in orders) == 7
    done = [d for d in orders if stage_of(d) == "closed" and d.history[-1].at >= midnight]
    assert len(done) == 5
    assert sum(late(draft, now.date()) for draft in orders) == 7


@pytest.mark.parametrize("hours", HOURS)
def test_histories_are_in_order_of_time(hours: float) -> None:
    for draft in reading(datetime(2027, 1, 1, tzinfo=ZONE) + timedelta(hours=hours)).drafts:
        times = [past.at for past in draft.history]
        assert times == sorted(times)
        assert draft.created == times[0]


def test_the_same_moment_reads_the_same_and_another_day_moves_everything(shop: Reading) -> None:
    assert reading() == shop
    tomorrow = keyed(reading(NOON + timedelta(days=1)))
    for key, draft in keyed(shop).items():
        assert draft.created + timedelta(days=1) == tomorrow[key].created


def test_work_is_done_in_the_daytime(shop: Reading) -> None:
    for draft in shop.drafts:
        for past in draft.history[1:]:
            local = past.at.astimezone(ZONE)
            by_a_customer = past.value == "payment"
            if local.date() < NOON.date() and not by_a_customer:
                assert 7 <= local.hour < 21, (draft.external_id, past)


# ------------------------------------------------------------------------------- days and times


@pytest.mark.parametrize(
    ("text", "expected"),
    [("D-9", date(2026, 9, 12)), ("D+0", date(2026, 9, 21)), ("D+10", date(2026, 10, 1))],
)
def test_days_are_told_from_today(text: str, expected: date) -> None:
    assert Calendar(ZONE, NOON).day(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("D-1 08:30", "2026-09-20T01:30:00Z"),
        ("D-21 00:15", "2026-08-30T17:15:00Z"),
        ("D+0 50%", "2026-09-21T02:30:00Z"),
        ("D+0 0%", "2026-09-21T00:00:00Z"),
    ],
)
def test_times_are_told_from_today(text: str, expected: str) -> None:
    assert plain(Calendar(ZONE, NOON).moment(text)) == expected


@pytest.mark.parametrize(("hour", "expected"), [(4, "02:00"), (7, "03:30"), (8, "07:30"), (23, "15:00")])
def test_today_counts_from_opening_once_the_shop_is_open(hour: int, expected: str) -> None:
    half = Calendar(ZONE, NOON.replace(hour=hour)).moment("D+0 50%")
    assert f"{half.astimezone(ZONE):%H:%M}" == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "D-1", "D+0 08:30", "D-0 08:30", "D+1 08:30", "D+0 100%", "D-1 50%", "D-1 24:00"]
)
def test_times_that_could_lie_ahead_are_not_taken(text: str) -> None:
    with pytest.raises(ValueError, match="not a past time"):
        Calendar(ZONE, NOON).moment(text)


def test_today_is_the_shop_s_today() -> None:
    late_in_london = datetime(2026, 9, 20, 20, 0, tzinfo=UTC)
    assert Calendar(ZONE, late_in_london).today == date(2026, 9, 21)


# ------------------------------------------------------------------------------- rows that will not do


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "shop"))


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("orders.csv", "10 x HOUSE-1K @ 215000", "ten bags", "not an order line like"),
        ("orders.csv", ",2150000,", ",a lot,", "not a whole number: a lot"),
        ("orders.csv", "D-91 09:14", "long ago", "not a past time like"),
        ("actions.csv", "D-4 10:20", "", "its history must begin with a stage"),
        ("notes.csv", ",comment,", ",rumour,", "a note is one of: comment, blocked, unblocked"),
        ("movements.csv", ",adjust,", ",magic,", "a movement is one of: in, out, reserve, adjust"),
        ("products.csv", ",40", ",forty", "not a whole number: forty"),
        ("daily_metrics.csv", "D-86", "D86", "not a day like"),
        ("campaigns.toml", '"D-86"', '"soon"', "not a day like"),
    ],
)
def test_a_row_that_will_not_do_is_reported_with_its_place(
    copy: Path, file: str, old: str, new: str, reason: str
) -> None:
    path = copy / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    shop = reading(folder=copy)
    problems = [p for p in shop.report.problems if p.kind == "refused"]
    assert problems[0].file == file
    assert reason in problems[0].reason


@pytest.mark.parametrize("file", ["orders.csv", "campaigns.toml", "notes.csv", "movements.csv"])
def test_a_missing_file_is_refused(copy: Path, file: str) -> None:
    (copy / file).unlink()
    with pytest.raises(Refused, match=file):
        reading(folder=copy)


def test_a_deed_nobody_knows_is_refused_with_its_line(copy: Path) -> None:
    path = copy / "deeds.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",check,", ",wish,", 1), encoding="utf-8")
    with pytest.raises(Refused, match=r"deeds.csv, line 2: a deed is one of: check, tick, set, postmortem"):
        deeds(copy, Calendar(ZONE, NOON))


def test_people_without_roles_are_refused(copy: Path) -> None:
    (copy / "people.toml").write_text('since = "D-9 08:00"\npeople = "everyone"\n', encoding="utf-8")
    with pytest.raises(Refused, match=r"people.toml"):
        people(copy, Calendar(ZONE, NOON))
