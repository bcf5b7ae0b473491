"""Reads XLSX rows in bounded memory, and refuses a workbook that would burst it."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any, BinaryIO

from openpyxl import load_workbook

from wholesale.imports.reader import MOST_COLUMNS, Row, bare, checked_header
from wholesale.imports.report import ImportRefused, Problem

ZIP = b"PK\x03\x04"
LARGEST = 200 * 1024 * 1024
# Everything but the rows themselves is held in memory.
LARGEST_PART = 50 * 1024 * 1024
HIGHEST_RATIO = 200
MOST_PARTS = 2000
# Rows up to the last one, blank ones too: a single cell far down makes millions of them.
MOST_LINES = 200_000
CONTENTS = "[Content_Types].xml"
LARGEST_LIST = 1024 * 1024
_OVERRIDE = re.compile(r"<(?:\w+:)?Override\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""(\w+)\s*=\s*["']([^"']*)["']""")


def refuse_bombs(stream: BinaryIO, name: str) -> None:
    """Look at the sizes in the zip's directory. Raises ImportRefused before anything unpacks."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts, sheets = archive.infolist(), _sheets(archive)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError) as error:
        raise _refused(name, "The workbook is damaged. Save it anew and try again.") from error
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    held = [part.file_size for part in parts if part.filename not in sheets]
    if "xl/workbook.xml" not in names:
        raise _refused(name, "It is a zip file but no XLSX workbook.")
    if unpacked > LARGEST or max(held, default=0) > LARGEST_PART or len(parts) > MOST_PARTS:
        size = f"{unpacked / 1024 / 1024:,.0f} MB"
        raise _refused(name, f"Unpacked, the workbook has {size}: too much. Save it as CSV.")
    if unpacked > HIGHEST_RATIO * max(packed, 1):
        raise _refused(name, "The workbook unpacks to far more than it is. Save it as CSV.")


def _sheets(archive: zipfile.ZipFile) -> set[str]:
    """Return the parts that are a sheet and nothing else: their rows are read one by one."""
    if CONTENTS not in archive.namelist():
        return set()
    with archive.open(CONTENTS) as file:
        listed = file.read(LARGEST_LIST).decode("utf-8", "replace")
    if "&" in listed:  # names written so that they could be others
        return set()
    kinds: dict[str, set[bool]] = {}
    for override in _OVERRIDE.findall(listed):
        given = dict(_ATTRIBUTE.findall(override))
        is_sheet = given.get("ContentType", "").endswith("worksheet+xml")
        kinds.setdefault(given.get("PartName", "").lstrip("/"), set()).add(is_sheet)
    return {name for name, are_sheets in kinds.items() if are_sheets == {True}}


def look_at_sheet(
    stream: BinaryIO, name: str, sheet: str | None, most: int
) -> tuple[list[str], list[Row]]:
    """Return the names of a workbook's sheets, and the first rows of one, its header first.

    Without ``sheet`` it is the first one. Raises ImportRefused when there is none.
    """
    book = _opened(stream, name)
    try:
        names = [each.title for each in book.worksheets]
        if not names:
            raise _refused(name, "The workbook has no sheet with rows.")
        numbered = _guarded(book, name, sheet or names[0])
        return names, [row for row, _ in islice(numbered, most + 1)]
    finally:
        book.close()


def read_sheet(stream: BinaryIO, name: str, sheet: str) -> Iterator[tuple[Row, float]]:
    """Yield the rows of a sheet, the header's names first in ``cells``, each with how far it is.

    Values come as text: numbers without the dust of binary fractions, days in ISO form.
    """
    book = _opened(stream, name)
    try:
        yield from _guarded(book, name, sheet)
    finally:
        book.close()


def _guarded(book: Any, name: str, sheet: str) -> Iterator[tuple[Row, float]]:
    try:
        if sheet not in book.sheetnames:
            raise _refused(name, f"The workbook has no sheet “{sheet}”.")
        yield from _rows(book[sheet], name)
    except ImportRefused:
        raise
    except Exception as error:  # whatever a damaged workbook makes the parser raise
        raise _refused(name, "The workbook is damaged. Save it anew and try again.") from error


def _opened(stream: BinaryIO, name: str) -> Any:
    refuse_bombs(stream, name)
    stream.seek(0)
    try:
        return load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # as above
        raise _refused(name, "The workbook is damaged. Save it anew and try again.") from error


def _rows(sheet: Any, name: str) -> Iterator[tuple[Row, float]]:
    total = sheet.max_row or 0
    header: list[str] = []
    blank: Any = None
    width = min(sheet.max_column or MOST_COLUMNS + 1, MOST_COLUMNS + 1)
    for line, cells in enumerate(sheet.iter_rows(max_col=width), 1):
        if line > MOST_LINES:
            raise _refused(name, f"The sheet has more than {MOST_LINES:,} rows. Delete empty ones.")
        if cells is blank:  # the very same for all rows that are left out
            continue
        texts = [cell_text(cell) for cell in cells]
        if len(texts) > MOST_COLUMNS and any(texts[MOST_COLUMNS:]):
            raise _refused(name, f"The sheet has more than {MOST_COLUMNS} columns, the most.")
        if not any(text.strip() for text in texts):
            blank = cells
            continue
        if not header:
            header = _header(texts, name)
            yield Row(line, dict.fromkeys(header, "")), 0.0
        else:
            yield _row(line, header, texts), line / total if total else 0.0
    if not header:
        checked_header([], name, ())


def _header(texts: list[str], name: str) -> list[str]:
    while texts and not texts[-1].strip():
        texts.pop()
    return checked_header(texts, name, ())


def _row(line: int, header: list[str], texts: list[str]) -> Row:
    beyond = [text for text in texts[len(header) :] if text.strip()]
    fault = f"The row has cells beyond the {len(header)} columns of the header." if beyond else None
    padded = texts + [""] * (len(header) - len(texts))
    cells = {column: bare(text) for column, text in zip(header, padded, strict=False)}
    broken = next((column for column, text in cells.items() if text.startswith("#REF!")), None)
    if broken and not fault:
        return Row(line, cells, "The cell holds an error of the spreadsheet.", broken)
    return Row(line, cells, fault)


def cell_text(cell: Any) -> str:
    """Return a cell's value as a person would type it into CSV."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        percent = isinstance(value, float) and "%" in (cell.number_format or "")
        return _number(value * 100 if percent else value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return f"{round(value, 6):.15g}"


def _refused(name: str, reason: str) -> ImportRefused:
    return ImportRefused([Problem(name, None, None, reason)])
