"""The formats there are, as data. Their modules are imported when one is read: listing them must cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from os.path import realpath
from pathlib import Path

from opstui.domain.model import Refused, clean_line
from opstui.i18n import _
from opstui.imports.interface import Context, Format, Reading


def _reader(module: str) -> Callable[[Sequence[Path], Context], Reading]:
    def read(paths: Sequence[Path], context: Context) -> Reading:
        once = _once(paths)
        reading: Reading = import_module(f"opstui.imports.{module}").read(list(once.values()), context)
        if len(once) < len(paths):
            reading.report.notes.append(_("a file that was named more than once is read once"))
        _must_fit(reading, context)
        return reading

    return read


def _once(paths: Sequence[Path]) -> dict[str, Path]:
    """Where a path leads -> the path, the first one to lead there."""
    found: dict[str, Path] = {}
    for path in paths:
        found.setdefault(realpath(path), path)
    return found


def _must_fit(reading: Reading, context: Context) -> None:
    """Refuse before anything is submitted what the workspace's boards have no place for."""
    stages = {board.id: {stage.id for stage in board.stages} for board in context.boards}
    for draft in reading.drafts:
        for stage in (past.value for past in draft.history if past.sort == "stage"):
            if stage not in stages.get(draft.board, ()):
                raise Refused(
                    _("This format needs the stage {stage} on the board {board}. Add it to opstui.toml.").format(
                        stage=stage, board=draft.board
                    )
                )


FORMATS: dict[str, Format] = {
    f.id: f
    for f in (
        Format(
            "olist",
            _("Olist marketplace orders"),
            _("a folder with orders, items, payments and customers (reviews, products, translation if there)"),
            _reader("olist"),
        ),
        Format(
            "marketing-csv",
            _("Daily campaign figures"),
            _("CSV: c_date, campaign_name, impressions, mark_spent, clicks, leads, orders, revenue"),
            _reader("marketing"),
        ),
        Format(
            "meta-ads",
            _("Meta Ads Manager export"),
            _("CSV by day: Campaign name, Day, Amount spent (...), Impressions"),
            _reader("meta"),
        ),
        Format(
            "google-ads",
            _("Google Ads campaign report"),
            _("CSV: Campaign, Cost, Impr., Clicks or Interactions; title and total rows are fine"),
            _reader("google"),
        ),
        Format(
            "shopify-sales",
            _("Shopify sales by day"),
            _("CSV: Day, Total sales, Orders; what all ads together are measured by"),
            _reader("shopify"),
        ),
        Format(
            "leads",
            _("Leads and the deals that came of them"),
            _("CSV, or a folder: mql_id, first_contact_date, origin; and mql_id, won_date"),
            _reader("leads"),
        ),
        Format(
            "nps",
            _("Answers of a survey, 0 to 10"),
            _("CSV: a score (nps_score), and a text and user_id if there are"),
            _reader("nps"),
        ),
        Format(
            "ab-test",
            _("The people of a test, or its arms"),
            _("CSV: variant, and a column of yes and no, or people and conversions; day and user_id if there are"),
            _reader("ab_test"),
        ),
        Format(
            "stock",
            _("Stock and its movements"),
            _("CSV: sku, name, minimum, at, quantity, sort (in, out, reserve, adjust), note"),
            _reader("stock"),
        ),
        Format(
            "cards",
            _("Cards for any board"),
            _("CSV: board, title, and any of id, stage, created, owner, due, priority, tags, ..."),
            _reader("cards"),
        ),
    )
}
"""Format id -> format."""


def format_named(name: str) -> Format:
    """The format of that id.

    Raises:
        Refused: there is none; the text lists those there are.
    """
    found = FORMATS.get(name)
    if found is None:
        known = ", ".join(FORMATS)
        raise Refused(
            _("There is no format {name}. Choose one of: {known}.").format(name=clean_line(name), known=known)
        )
    return found
