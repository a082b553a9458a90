"""Whatever the bytes: drafts that the domain takes, or a refusal with a reason. Never a trace, never half an import."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.fieldwork import with_fields
from opstui.domain.model import Draft, Refused, fields_of
from opstui.imports.interface import Context, Reading
from opstui.imports.registry import FORMATS

CONTEXT = Context(zone=ZoneInfo("Asia/Jakarta"), currency="IDR", now=datetime(2026, 11, 22, tzinfo=UTC))
HEADERS = {
    "marketing-csv": "c_date,campaign_name,category,impressions,mark_spent,clicks,leads,orders,revenue",
    "meta-ads": "Campaign name,Day,Amount spent (USD),Impressions,Link clicks,Purchases",
    "google-ads": "Campaign,Day,Currency code,Cost,Impr.,Clicks,Conversions,Budget,Budget type",
    "stock": "sku,name,minimum,at,quantity,sort,note",
    "cards": "board,title,stage,created,entered,owner,due,priority,total,currency,score,lines,starts,ends,targets",
}
CELLS = st.one_of(
    st.sampled_from(
        ["", "--", "2021-02-01", "2/1/21", "2021-02-01 08:00", "Total: all", "orders", "feedback", "campaigns"]
    ),
    st.sampled_from(
        [
            "9",
            "1,234.5",
            "1.5",
            "-3",
            "1e9",
            "USD",
            "x" * 300,
            "shipping",
            "in",
            "out",
            "=cmd()",
            "fri",
            "urgent",
            "9" * 30,
            "9 x a @ " + "9" * 30,
        ]
    ),
    st.text(st.characters(exclude_characters='",\r\n\0', exclude_categories=["Cs"]), max_size=8),
)


def read(name: str, content: bytes) -> Reading | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "any.csv")
        path.write_bytes(content)
        try:
            return FORMATS[name].read([path], CONTEXT)
        except Refused as refused:
            reason = str(refused)
    assert reason.startswith("any.csv")
    return None


def taken(draft: Draft) -> None:
    """What the domain does with a draft; raises when it would not take it."""
    kind = next(b.kind for b in DEFAULT_BOARDS if b.id == draft.board)
    at = "2026-01-01T00:00:00Z"
    doc = {"id": 1, "ref": "X-1", "kind": kind, "board": draft.board, "stage": "x", "title": "", "created": at}
    with_fields({**doc, "entered": at, "rank": 0.0, "version": 1}, {"title": draft.title, **draft.fields})


@pytest.mark.parametrize("name", HEADERS)
@given(content=st.binary(max_size=200))
@settings(max_examples=20)
def test_any_bytes_are_refused_or_read(name: str, content: bytes) -> None:
    reading = read(name, content)
    assert reading is None or reading.drafts == ()


@pytest.mark.parametrize("name", HEADERS)
@given(data=st.data())
@settings(max_examples=60)
def test_every_row_is_taken_or_reported(name: str, data: st.DataObject) -> None:
    width = HEADERS[name].count(",") + 1
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6))
    reading = read(name, "\n".join([HEADERS[name], *(",".join(f'"{c}"' for c in row) for row in rows)]).encode())
    assert reading
    for draft in reading.drafts:
        taken(draft)
    assert reading.report.rows == len(rows)
    out = {p.line for p in reading.report.problems if p.kind in ("refused", "dropped")}
    units = len(reading.drafts) + len(reading.stock)
    assert units <= len(rows) - len(out) or name == "stock"
    assert units > 0 or len(out) == len(rows)


FIELDS = sorted({field.name for board in DEFAULT_BOARDS for field in fields_of(board.kind)} - {"title"})


@given(board=st.sampled_from(["orders", "feedback", "campaigns", "actions"]), field=st.sampled_from(FIELDS), cell=CELLS)
@settings(max_examples=200)
def test_every_field_of_a_card_is_taken_or_refused(board: str, field: str, cell: str) -> None:
    reading = read("cards", f'board,title,{field}\n{board},a,"{cell}"\n'.encode())
    assert reading
    for draft in reading.drafts:
        taken(draft)
        msgspec.json.encode(draft.fields)
    assert len(reading.drafts) + reading.report.count("refused") == 1


def test_formats_are_listed_without_the_cost_of_reading_one() -> None:
    modules = "opstui.imports.registry, opstui.imports.load, opstui.imports.report"
    code = f"import {modules}, sys; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
