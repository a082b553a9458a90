"""The Olist export: orders from four tables, their history, and the reviews."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opstui.domain.model import Refused
from opstui.imports import olist
from opstui.imports.interface import Context, Reading

HEADERS = {
    "orders": "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
    "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date",
    "items": "order_id,order_item_id,product_id,price,freight_value",
    "payments": "order_id,payment_sequential,payment_value",
    "customers": "customer_id,customer_unique_id,customer_city",
    "reviews": "review_id,order_id,review_score,review_comment_title,review_comment_message,"
    "review_creation_date,review_answer_timestamp",
    "products": "product_id,product_category_name",
    "translation": "product_category_name,product_category_name_english",
}
FILES = {
    "orders": "olist_orders_dataset.csv",
    "items": "olist_order_items_dataset.csv",
    "payments": "olist_order_payments_dataset.csv",
    "customers": "olist_customers_dataset.csv",
    "reviews": "olist_order_reviews_dataset.csv",
    "products": "olist_products_dataset.csv",
    "translation": "product_category_name_translation.csv",
}
JAKARTA = ZoneInfo("Asia/Jakarta")
NEEDED = ("orders", "items", "payments", "customers")
ORDER = (
    "o1,c1,delivered,2018-01-01 10:00:00,2018-01-01 11:00:00,2018-01-02 10:00:00,"
    "2018-01-05 10:00:00,2018-01-20 00:00:00"
)
ROWS = {
    "orders": [ORDER],
    "items": ["o1,1,p1,10.00,2.50"],
    "payments": ["o1,1,12.50"],
    "customers": ["c1,u123456789,campinas"],
}


def export(folder: Path, **tables: list[str]) -> Path:
    """An export of one good order, but for the tables named here."""
    for name, rows in {**ROWS, **tables}.items():
        (folder / FILES[name]).write_text("".join(f"{row}\n" for row in (HEADERS[name], *rows)), "utf-8")
    return folder


def order(status: str, *times: str) -> str:
    """An order of 1 January with these times (day-hour, or empty): approved, carrier, delivered."""
    stamps = [f"2018-01-{t.split('-')[0]} {t.split('-')[1]}:00:00" if t else "" for t in times]
    return ",".join(["o1", "c1", status, "2018-01-01 10:00:00", *stamps, "2018-01-20 00:00:00"])


def steps(reading: Reading) -> str:
    """The first draft's history as 'stage day-hour', in the zone of the file."""
    local = [(p.value, p.at.astimezone(JAKARTA)) for p in reading.drafts[0].history]
    return ", ".join(f"{stage} {at:%d-%H}" for stage, at in local)


def reasons(reading: Reading, kind: str = "repaired") -> list[str]:
    return [p.reason for p in reading.report.problems if p.kind == kind]


def test_an_order_is_joined_from_four_tables(tmp_path: Path, context: Context) -> None:
    reading = olist.read([export(tmp_path)], context)
    (draft,) = reading.drafts
    assert (draft.source, draft.external_id, draft.board) == ("olist", "o1", "orders")
    assert draft.created == datetime(2018, 1, 1, 3, tzinfo=UTC)
    assert draft.fields == {
        "channel": "olist",
        "customer": "u1234567",
        "buyer": "u123456789",
        "city": "campinas",
        "lines": [{"name": "product p1", "quantity": 1, "price": 1000, "sku": "p1"}],
        "total": 1250,
        "currency": "BRL",
        "payment": "paid",
        "due": "2018-01-20",
    }
    assert steps(reading) == "new 01-10, processing 01-11, shipping 02-10, closed 05-10"
    assert reading.report.problems == []


@pytest.mark.parametrize(
    ("row", "history", "repaired"),
    [
        (order("created", "", "", ""), "new 01-10", []),
        (order("approved", "01-11", "", ""), "new 01-10, processing 01-11", []),
        (order("invoiced", "01-11", "", ""), "new 01-10, processing 01-11", []),
        (order("shipped", "01-11", "02-10", ""), "new 01-10, processing 01-11, shipping 02-10", []),
        (order("canceled", "", "", ""), "new 01-10, cancelled 01-10", []),
        (order("unavailable", "01-11", "", ""), "new 01-10, processing 01-11, cancelled 01-11", []),
        (order("canceled", "01-11", "02-10", ""), "new 01-10, processing 01-11, shipping 02-10, cancelled 02-10", []),
        (
            order("canceled", "01-11", "02-10", "05-10"),
            "new 01-10, processing 01-11, shipping 02-10, cancelled 05-10",
            [],
        ),
        (order("invoiced", "", "", ""), "new 01-10, processing 01-10", ["invoiced without the time of it"]),
        (
            order("shipped", "01-11", "", ""),
            "new 01-10, processing 01-11, shipping 01-11",
            ["shipped without the time"],
        ),
        (
            order("delivered", "01-11", "02-10", ""),
            "new 01-10, processing 01-11, shipping 02-10, closed 02-10",
            ["delivered without"],
        ),
        (
            order("delivered", "", "02-10", "05-10"),
            "new 01-10, shipping 02-10, closed 05-10",
            ["order_approved_at is missing"],
        ),
        (
            order("shipped", "01-11", "02-10", "05-10"),
            "new 01-10, processing 01-11, shipping 02-10, closed 05-10",
            ["shipped, but with"],
        ),
        (order("lost", "01-11", "", ""), "new 01-10, processing 01-11", ["order_status is not known"]),
    ],
)
def test_status_and_times_tell_the_history(
    tmp_path: Path, context: Context, row: str, history: str, repaired: list[str]
) -> None:
    reading = olist.read([export(tmp_path, orders=[row])], context)
    assert steps(reading) == history
    assert len(reasons(reading)) == len(repaired)
    assert all(found.startswith(start) for found, start in zip(reasons(reading), repaired, strict=True))


@pytest.mark.parametrize(
    ("approved", "carrier", "clamped", "count"),
    [
        ("02-12", "02-10", "processing 02-12, shipping 02-12", 1),
        ("07-10", "02-10", "processing 05-10, shipping 05-10", 2),
        ("01-09", "02-10", "processing 01-10, shipping 02-10", 1),
        ("01-11", "06-10", "processing 01-11, shipping 05-10", 1),
    ],
)
def test_only_steps_between_purchase_and_delivery_are_clamped(
    tmp_path: Path, context: Context, approved: str, carrier: str, clamped: str, count: int
) -> None:
    reading = olist.read([export(tmp_path, orders=[order("delivered", approved, carrier, "05-10")])], context)
    assert steps(reading) == f"new 01-10, {clamped}, closed 05-10"
    assert sum("out of order" in reason for reason in reasons(reading)) == count


def test_a_delivery_before_the_purchase_is_put_at_the_purchase(tmp_path: Path, context: Context) -> None:
    row = ORDER.replace("2018-01-05 10", "2017-12-31 10")
    reading = olist.read([export(tmp_path, orders=[row])], context)
    assert steps(reading) == "new 01-10, processing 01-10, shipping 01-10, closed 01-10"
    assert reasons(reading)[0].startswith("delivered before it was bought")


def test_pieces_are_counted_and_products_named(tmp_path: Path, context: Context) -> None:
    folder = export(
        tmp_path,
        items=["o1,2,p2,5.00,0", "o1,1,p1,10.00,2.50", "o1,3,p1,10.00,2.50"],
        products=["p1,beleza_saude", "p2,bebes", "p3,"],
        translation=["beleza_saude,health_beauty"],
    )
    (draft,) = olist.read([folder], context).drafts
    assert [(line["name"], line["quantity"]) for line in draft.fields["lines"]] == [("health beauty", 2), ("bebes", 1)]
    assert draft.title == "2 × health beauty +1 · o1"


def test_an_order_keeps_its_card_when_its_other_rows_are_missing(tmp_path: Path, context: Context) -> None:
    reading = olist.read([export(tmp_path, items=[], payments=[], customers=[])], context)
    (draft,) = reading.drafts
    assert (draft.title, draft.fields["total"]) == ("Order o1", 0)
    assert [(p.line, p.kind) for p in reading.report.problems] == [(2, "repaired")] * 3


def test_without_a_payment_items_and_freight_are_the_total(tmp_path: Path, context: Context) -> None:
    reading = olist.read([export(tmp_path, payments=[])], context)
    assert reading.drafts[0].fields["total"] == 1250


def test_payments_of_an_order_add_up_and_a_different_amount_is_noted(tmp_path: Path, context: Context) -> None:
    reading = olist.read([export(tmp_path, payments=["o1,1,10", "o1,2,5.55"])], context)
    assert reading.drafts[0].fields["total"] == 1555
    assert any("another amount" in note for note in reading.report.notes)


def test_rows_of_no_order_and_rows_that_stand_twice_are_refused(tmp_path: Path, context: Context) -> None:
    folder = export(
        tmp_path,
        orders=[ORDER, ORDER, ORDER.replace("o1", "o2").replace("2018-01-01 10:00:00", "yesterday")],
        items=["o1,1,p1,10.00,2.50", "o1,1,p1,10.00,2.50", "o2,1,p1,1,1", "o9,1,p1,1,1"],
        payments=["o1,1,12.50", "o1,1,12.50", "o9,1,5", "o1,2,much"],
    )
    reading = olist.read([folder], context)
    assert len(reading.drafts) == 1
    assert reading.drafts[0].fields["total"] == 1250
    found = [(p.file.removeprefix("olist_"), p.line, p.value) for p in reading.report.problems if p.kind == "refused"]
    assert found == [
        ("orders_dataset.csv", 3, "line 2"),
        ("orders_dataset.csv", 4, "yesterday"),
        ("order_items_dataset.csv", 3, "line 2"),
        ("order_items_dataset.csv", 4, "o2"),
        ("order_items_dataset.csv", 5, "o9"),
        ("order_payments_dataset.csv", 3, "line 2"),
        ("order_payments_dataset.csv", 4, "o9"),
        ("order_payments_dataset.csv", 5, "much"),
    ]


# --------------------------------------------------------------------------------------- reviews


def test_a_review_is_feedback_about_its_order(tmp_path: Path, context: Context) -> None:
    row = 'r1,o1,1,Ruim \x1b[31m,"Quebrado 😡\nnão gostei",2018-01-06 00:00:00,2018-01-07 08:00:00'
    draft = olist.read([export(tmp_path, reviews=[row])], context).drafts[-1]
    assert (draft.board, draft.external_id, draft.links) == ("feedback", "review/r1/o1", (("about", "o1"),))
    assert (draft.title, draft.fields["sort"], draft.fields["score"]) == ("Ruim [31m", "complaint", 1)
    assert draft.fields["description"] == "Ruim [31m\n\nQuebrado 😡\nnão gostei"
    assert (draft.fields["customer"], draft.fields["first_response"]) == ("u1234567", "2018-01-07T01:00:00Z")
    assert [p.value for p in draft.history] == ["inbox", "closed"]


@pytest.mark.parametrize(
    ("score", "sort", "title"), [(2, "complaint", "2"), (3, "review", "3"), (4, "praise", "4"), (5, "praise", "5")]
)
def test_the_sort_of_a_review_follows_its_stars(
    tmp_path: Path, context: Context, score: int, sort: str, title: str
) -> None:
    row = f"r1,o1,{score},,,2018-01-06 00:00:00,2018-01-07 08:00:00"
    draft = olist.read([export(tmp_path, reviews=[row])], context).drafts[-1]
    assert (draft.fields["sort"], draft.title) == (sort, f"{title} of 5 stars")


def test_odd_reviews_are_kept_and_reported(tmp_path: Path, context: Context) -> None:
    rows = [
        'r1,o1,5,,"long\ntext",2018-01-06 00:00:00,2018-01-05 00:00:00',
        "r1,o9,9,,,2018-01-06 00:00:00,",
        "r1,o1,5,,,2018-01-06 00:00:00,2018-01-07 00:00:00",
    ]
    reading = olist.read([export(tmp_path, reviews=rows)], context)
    early, open_ = reading.drafts[1:]
    assert early.history[0].at == early.history[1].at
    assert (open_.links, [p.value for p in open_.history], "score" in open_.fields) == ((), ["inbox"], False)
    assert [(p.line, p.kind) for p in reading.report.problems] == [(2, "repaired")] + [(4, "repaired")] * 4 + [
        (5, "refused")
    ]


# --------------------------------------------------------------------------------------- the folder


@pytest.mark.parametrize("missing", NEEDED)
def test_without_one_of_the_four_tables_nothing_is_read(tmp_path: Path, context: Context, missing: str) -> None:
    (export(tmp_path) / FILES[missing]).unlink()
    with pytest.raises(Refused, match=FILES[missing]):
        olist.read([tmp_path], context)


def test_the_other_tables_may_be_missing_and_that_is_said(tmp_path: Path, context: Context) -> None:
    reading = olist.read([export(tmp_path)], context)
    assert sum("done without" in note for note in reading.report.notes) == 3


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path, context: Context) -> None:
    file = export(tmp_path) / FILES["orders"]
    for paths in ([file], [tmp_path, tmp_path], [tmp_path / "gone"]):
        with pytest.raises(Refused, match="one folder"):
            olist.read(paths, context)


def test_a_web_page_among_the_tables_refuses_all_of_it(tmp_path: Path, context: Context) -> None:
    (export(tmp_path) / FILES["reviews"]).write_text("<!doctype html><p>Log in", "utf-8")
    with pytest.raises(Refused, match="web page"):
        olist.read([tmp_path], context)


def test_what_was_finished_last_comes_last_so_that_it_lands_on_top(tmp_path: Path, context: Context) -> None:
    late, early = ORDER.replace("o1,c1", "o2,c1").replace("2018-01-05", "2018-03-05"), ORDER
    rows = {"items": ["o1,1,p1,10.00,2.50", "o2,1,p1,10.00,2.50"], "payments": ["o1,1,12.50", "o2,1,12.50"]}
    reviews = ["r2,o2,5,,,2018-03-06 00:00:00,2018-03-07 10:00:00", "r1,o1,5,,,2018-01-06 00:00:00,2018-01-07 10:00:00"]
    reading = olist.read([export(tmp_path, orders=[late, early], reviews=reviews, **rows)], context)
    orders = [draft.external_id for draft in reading.drafts if draft.board == "orders"]
    assert orders == ["o1", "o2"]
    at = {draft.external_id: place for place, draft in enumerate(reading.drafts)}
    links = [(at[name], place) for place, draft in enumerate(reading.drafts) for _relation, name in draft.links]
    assert len(links) == 2
    assert all(order < review for order, review in links)
    assert [draft.links[0][1] for draft in reading.drafts[2:]] == ["o1", "o2"]
