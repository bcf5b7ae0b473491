"""Reads CSV rows from a stream in bounded memory, whatever program wrote the file."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from wholesale.core.text import clean_line
from wholesale.imports.report import ImportRefused, Problem
from wholesale.web.download import FORMULA_STARTS

CHUNK = 64 * 1024
# What a file begins with that is no table: its first bytes, and what it is then.
STRANGERS = (
    (b"\x89PNG", "It is an image (PNG)."),
    (b"\xff\xd8\xff", "It is an image (JPEG)."),
    (b"GIF8", "It is an image (GIF)."),
    (b"RIFF", "It is an image or a sound."),
    (b"%PDF", "It is a PDF."),
    (b"\xd0\xcf\x11\xe0", "It is an old Excel file (.xls), or one with a password."),
)
DELIMITERS = ",;\t"
MOST_COLUMNS = 500
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_IN_CP1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])


@dataclass(frozen=True)
class Row:
    """One record of a file: its cells by column, and the line it starts on."""

    line: int
    cells: dict[str, str]
    # What is wrong with the row as a whole, or with one cell of it.
    fault: str | None = None
    faulty: str | None = None


def read_rows(stream: BinaryIO, name: str, needed: Sequence[str] = ()) -> Iterator[Row]:
    """Yield the rows of a CSV file as it is read; blank lines are left out.

    ``stream`` must be seekable; ``name`` is what problems call it; ``needed`` are the columns
    it must have. A row with a cell too many or too few carries a ``fault``. Raises
    ImportRefused when the file is no CSV text or lacks a needed column.
    """
    text = io.TextIOWrapper(stream, encoding=encoding_of(stream, name), newline="")
    try:
        yield from _rows(text, name, needed)
    except UnicodeError as error:
        raise ImportRefused([Problem(name, None, None, "It is not readable as text.")]) from error
    finally:
        text.detach()


def read_header(stream: BinaryIO, name: str) -> list[str]:
    """Return the column names of a CSV file. Raises ImportRefused when it has none."""
    text = io.TextIOWrapper(stream, encoding=encoding_of(stream, name), newline="")
    try:
        return checked_header(next(csv.reader(text, delimiter=_delimiter_of(text)), []), name, ())
    except (UnicodeError, csv.Error) as error:
        raise ImportRefused([Problem(name, 1, None, "It is not readable as text.")]) from error
    finally:
        text.detach()


def _rows(text: io.TextIOWrapper, name: str, needed: Sequence[str]) -> Iterator[Row]:
    delimiter = _delimiter_of(text)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    start = 1
    try:
        header = checked_header(next(reader, []), name, needed)
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _row(start, header, cells)
            start = reader.line_num + 1
    except csv.Error as error:
        reason = f"The row cannot be read ({error})."
        raise ImportRefused([Problem(name, start, None, reason)]) from error


def _row(line: int, header: list[str], cells: list[str]) -> Row:
    fault = None
    if len(cells) != len(header):
        fault = f"The row has {len(cells)} cells; the header has {len(header)}."
    elif any("\0" in cell for cell in cells):
        fault = "The row holds NUL bytes: the file is damaged there."
    return Row(line, dict(zip(header, map(bare, cells), strict=False)), fault)


def bare(cell: str) -> str:
    """Return a cell without the mark that keeps spreadsheets from taking it as a formula."""
    cell = cell.replace("\0", "")
    return cell[1:] if cell.startswith("'") and cell[1:2] in FORMULA_STARTS else cell


def checked_header(cells: Sequence[str], name: str, needed: Sequence[str]) -> list[str]:
    """Return a header's column names. Raises ImportRefused when rows cannot be read by it."""
    header = [clean_line(bare(cell)) for cell in cells]
    if len(header) > MOST_COLUMNS:
        reason = f"The file has {len(header):,} columns; {MOST_COLUMNS} are the most."
        raise ImportRefused([Problem(name, 1, None, reason)])
    twice = sorted(cell for cell, count in Counter(filter(None, header)).items() if count > 1)
    missing = [column for column in needed if column not in header]
    problems = [f"The column “{column}” stands there twice." for column in twice]
    problems += [f"There is no column “{column}”." for column in missing]
    if not any(header):
        problems = ["The file is empty: its first row must name the columns."]
    if problems:
        raise ImportRefused([Problem(name, 1, None, reason) for reason in problems])
    return header


def _delimiter_of(text: io.TextIOWrapper) -> str:
    """Return the delimiter that divides the header into the most columns."""
    first = text.readline(CHUNK)
    text.seek(0)
    return max(DELIMITERS, key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))


def encoding_of(stream: BinaryIO, name: str = "The file") -> str:
    """Return how the bytes of ``stream`` are to be read, and go back to its start.

    A byte order mark decides; without one it is UTF-16 when every second byte of the
    beginning is zero, UTF-8 when all of it is valid, and else Windows-1252 or Latin-1.
    Raises ImportRefused for a file that is no text.
    """
    stream.seek(0)
    head = stream.read(CHUNK)
    refuse_strangers(head, name)
    encoding = _marked(head) or _sixteen_bit(head)
    if encoding is None:
        if b"\0" in head:
            reason = "It is not a text file. Save the sheet as CSV and try again."
            raise ImportRefused([Problem(name, None, None, reason)])
        encoding = _eight_bit(head, stream)
    stream.seek(0)
    return encoding


def refuse_strangers(head: bytes, name: str) -> None:
    """Raise ImportRefused for a file that begins as no table does."""
    for start, what in STRANGERS:
        if head.startswith(start):
            advice = f"{what} Save the sheet as CSV or XLSX and try again."
            raise ImportRefused([Problem(name, None, None, advice)])


def _marked(head: bytes) -> str | None:
    return next((encoding for bom, encoding in _BOMS if head.startswith(bom)), None)


def _sixteen_bit(head: bytes) -> str | None:
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[offset::2]
        if half and half.count(0) > 0.7 * len(half) and b"\0" not in head[1 - offset :: 2]:
            return encoding
    return None


def _eight_bit(head: bytes, stream: BinaryIO) -> str:
    """Look through the whole stream: one accent may stand on its last line."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, is_cp1252, chunk = True, True, head
    while chunk:
        is_cp1252 = is_cp1252 and not any(byte in chunk for byte in _NOT_IN_CP1252)
        if is_utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                is_utf8 = False
        chunk = stream.read(CHUNK)
    if is_utf8 and not decoder.getstate()[0]:
        return "utf-8"
    return "cp1252" if is_cp1252 else "latin-1"
