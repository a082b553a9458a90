"""What is money, and what is near it."""

from __future__ import annotations

from pathlib import Path

import pytest

from opstui import config
from opstui.currencies import COMMON, objection
from ui.page import console, memory_workspace


@pytest.mark.parametrize("code", [*COMMON, "BRL", "BHD", "CHF", "DEM"])
def test_what_is_money(code: str) -> None:
    assert objection(code) == ""


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("IDN", "'IDN' is no currency; did you mean IDR?"),
        ("UDS", "did you mean USD?"),
        ("RUPIAH", "no ISO 4217 code"),
        ("ABC", "'ABC' is no currency; did you mean"),
        ("usd", "did you mean USD?"),
        ("EURO", "did you mean EUR?"),
        ("XXX", "'XXX' is no ISO 4217 code like IDR"),
        ("DOLLARSDOLLARS", "'DOLLARSDOL' is no ISO 4217 code"),
        ("", "'' is no ISO 4217 code"),
    ],
)
def test_what_is_none_is_told_with_the_nearest(code: str, told: str) -> None:
    assert told in objection(code)


def test_a_workspace_is_not_made_with_what_is_no_money_but_one_that_has_it_opens(tmp_path: Path) -> None:
    with pytest.raises(config.Malformed, match="did you mean IDR"):
        config.written(name="x", currency="IDN", timezone="UTC", locale="en")
    (tmp_path / config.FILE).write_text('currency = "ABC"\n', "utf-8")
    assert config.load(tmp_path).currency == "ABC"


async def test_the_console_says_so_once_it_is_open() -> None:
    async with console(memory_workspace(currency="IDN")) as page:
        await page.until(lambda: "'IDN' is no currency; did you mean IDR?" in page.said)
