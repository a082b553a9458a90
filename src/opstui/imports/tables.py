"""CSV as people really save it: other delimiters, a BOM, titles above the header, a web page under a .csv name.

The file as a whole is either understood or refused here, before any row is judged. Text that is not UTF-8 is refused
and not guessed: a wrong guess would put broken names on cards, silently and for good. Lines are counted as an editor
counts them, so a message about a row with line breaks in a field still points at the right place.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct

from opstui.domain.model import Refused, clean_line
from opstui.i18n import _, ngettext
from opstui.imports.interface import Report
from opstui.progress import Progress, silent

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_NOT_TEXT = {b"PK\x03\x04": "xlsx", b"\xd0\xcf\x11\xe0": "xls", b"%PDF": "pdf", b"\x1f\x8b": "gzip"}
_DELIMITERS = ",;\t"
_LOOK_FOR_HEADER = 20
_SHOWN = 200
_LONGEST = 255
_TELL_EVERY = 500


class Row(Struct, frozen=True):
    """One record: the physical line it starts on, and its cells by casefolded column name."""

    line: int
    cells: dict[str, str]


class Table(Struct, frozen=True):
    """A file whose header was found: `columns` as written, `above` the records over it; `rows` can be read once."""

    file: str
    columns: tuple[str, ...]
    above: tuple[tuple[int, list[str]], ...]
    rows: Iterator[Row]


def shown(path: Path) -> str:
    """A file's name, safe to print and no longer than names can be: file names are hostile text too."""
    return clean_line(path.name[:_LONGEST]) or "?"


def open_table(path: Path, wanted: Sequence[str], report: Report, progress: Progress = silent) -> Table:
    """The table in a CSV file that has the `wanted` columns.

    A wanted column may name alternatives ("clicks|interactions") and patterns ("amount spent (*)"), all casefolded.
    `progress` is told of the lines read while its rows are.

    Raises:
        Refused: not a readable file, not text, not CSV, or without those columns.
    """
    text, file = _text(path, report), shown(path)
    delimiter, records = _header(file, text, wanted)
    line, columns = records[-1]
    seen = [_key(c) for c in columns]
    twice = sorted({c for c in seen if c and seen.count(c) > 1})
    if twice:
        report.notes.append(
            _("{file}: columns that stand there twice, the first is read: {names}").format(
                file=file, names=", ".join(twice)
            )
        )
    return Table(
        file,
        tuple(columns),
        tuple(records[:-1]),
        _rows(file, _lines(file, text, delimiter, progress), line, seen, report),
    )


def column(table: Table, pattern: str) -> str | None:
    """The casefolded name of the first column that fits a pattern as in `open_table`, or None."""
    return _find([_key(c) for c in table.columns], pattern)


# --------------------------------------------------------------------------------------- bytes to text


def _text(path: Path, report: Report) -> str:
    file = shown(path)
    raw = _bytes(path, file)
    if not raw.strip():
        raise Refused(_("{file} is empty. Export it again.").format(file=file))
    for magic, name in _NOT_TEXT.items():
        if raw.startswith(magic):
            raise Refused(
                _("{file} is a {name} file, not CSV. Open it and save it as CSV (UTF-8).").format(file=file, name=name)
            )
    text = _decoded(raw, file, report)
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        raise Refused(
            _("{file}, line {line}: a NUL character, so this is not a text file. Save it as CSV (UTF-8).").format(
                file=file, line=line
            )
        )
    start = text.lstrip()[:1000].casefold()
    if start.startswith(("<!doctype html", "<html", "<?xml", "<head")):
        raise Refused(
            _(
                "{file} is a web page, not CSV: the page around the data was saved. Download the file itself again."
            ).format(file=file)
        )
    if lost := text.count("\ufffd"):
        report.notes.append(
            ngettext(
                "{n} character was already lost in the file (�)",
                "{n} characters were already lost in the file (�)",
                lost,
            )
            + f": {file}"
        )
    return text


def _bytes(path: Path, file: str) -> bytes:
    try:
        if path.is_dir():
            raise Refused(_("{file} is a folder. Name the CSV file in it.").format(file=file))
        if not path.exists():
            raise Refused(_("{file} does not exist. Check the path.").format(file=clean_line(str(path))))
        if not path.is_file():
            raise Refused(_("{file} is not an ordinary file. Save the data to a file first.").format(file=file))
        return path.read_bytes()
    except OSError as error:
        raise Refused(_("{file} could not be read: {why}.").format(file=file, why=error.strerror)) from error


def _decoded(raw: bytes, file: str, report: Report) -> str:
    encoding = "utf-16" if raw.startswith(_UTF16) else "utf-8"
    try:
        text = raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Refused(
            _(
                "{file}, line {line}: not {encoding} text (byte 0x{byte:02X} at offset {at}); "
                "it may be Windows-1252 or Latin-1. "
                "Save it as CSV UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8"
            ).format(file=file, line=line, encoding=encoding.upper(), byte=raw[error.start], at=error.start)
        ) from error
    if encoding == "utf-16":
        report.add("repaired", file, 0, _("the file is UTF-16, read as such"))
    return text


# --------------------------------------------------------------------------------------- text to rows


def _key(name: str) -> str:
    return clean_line(name).casefold()


def _find(columns: Sequence[str], pattern: str) -> str | None:
    return next((c for p in pattern.split("|") for c in columns if fnmatchcase(c, p)), None)


def _header(file: str, text: str, wanted: Sequence[str]) -> tuple[str, list[tuple[int, list[str]]]]:
    """The delimiter, and the records down to the header, which is the last of them."""
    best: tuple[int, list[str], str] = (-1, [], "")
    for delimiter in _DELIMITERS:
        records: list[tuple[int, list[str]]] = []
        for line, record in _records(file, text, delimiter, strict=False):
            records.append((line, record))
            columns = [_key(c) for c in record]
            hits = sum(_find(columns, w) is not None for w in wanted)
            if hits == len(wanted):
                return delimiter, records
            best = max(best, (hits, columns, delimiter), key=lambda b: (b[0], len(b[1])))
            if len(records) == _LOOK_FOR_HEADER:
                break
    raise Refused(_missing(file, best[1] or [_key(text.lstrip().split("\n", 1)[0][:_SHOWN])], wanted))


def _missing(file: str, columns: Sequence[str], wanted: Sequence[str]) -> str:
    named = []
    for pattern in (w for w in wanted if _find(columns, w) is None):
        near = get_close_matches(pattern.split("|")[0], columns, 1, 0.6)
        name = pattern.replace("|", _(" or "))
        named.append(_("{name} (the nearest is: {near})").format(name=name, near=near[0]) if near else name)
    there = ", ".join(c for c in columns if c)
    there = there if len(there) <= _SHOWN else there[:_SHOWN] + "…"
    return _(
        "{file} is of another kind: it has no column {missing}. It has: {there}. "
        "Choose the format it is (opstui import --list) or export it again."
    ).format(file=file, missing=", ".join(named), there=there)


def _records(file: str, text: str, delimiter: str, *, strict: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Each record with the physical line it starts on; empty lines are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    before = 0
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            if not strict:
                return
            raise Refused(
                _(
                    "{file}, line {line}: the CSV is broken here ({why}). "
                    "Look for a quote that is not closed, or export it again."
                ).format(file=file, line=before + 1, why=error)
            ) from error
        if record is None:
            return
        if record:
            yield before + 1, record
        before = reader.line_num


def _lines(file: str, text: str, delimiter: str, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    """Each record with its line, telling how far that is."""
    total = text.count("\n") + 1
    for n, (line, record) in enumerate(_records(file, text, delimiter)):
        if n % _TELL_EVERY == 0:
            progress(line, total)
        yield line, record
    progress(total, total)


def _rows(
    file: str, records: Iterator[tuple[int, list[str]]], header: int, columns: list[str], report: Report
) -> Iterator[Row]:
    kept = [(i, c) for i, c in enumerate(columns) if columns.index(c) == i]
    found = 0
    for line, record in records:
        if line <= header:
            continue
        found += 1
        report.rows += 1
        if not any(cell.strip() for cell in record):
            report.add("dropped", file, line, _("empty row"))
        elif len(record) < len(columns) or any(cell.strip() for cell in record[len(columns) :]):
            reason = _("has {n} cells where the header has {m}").format(n=len(record), m=len(columns))
            report.add("refused", file, line, reason)
        else:
            yield Row(line, {name: record[i] for i, name in kept})
    if not found:
        report.notes.append(_("{file}: no rows below the header. Export it again with data in it.").format(file=file))
