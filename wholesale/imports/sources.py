"""The uploaded file as rows, whatever it is: kept in chunks, read from a temporary file."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import IO, BinaryIO

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from wholesale.imports.models import Import, ImportChunk
from wholesale.imports.reader import Row, read_header, read_rows, refuse_strangers
from wholesale.imports.report import ImportRefused, Problem
from wholesale.imports.xlsx import ZIP, look_at_sheet, read_sheet

PART = 1024 * 1024
MOST_ROWS = 100_000
SHOWN = 5


@dataclass(frozen=True)
class Contents:
    """What a file consists of."""

    sheets: list[str]
    header: list[str]
    first: list[Row]


class Source:
    """A file that rows are read from, and how far that has come."""

    def __init__(self, stream: BinaryIO, name: str, sheet: str | None) -> None:
        self._stream, self._name, self._sheet = stream, name, sheet
        self._size = stream.seek(0, 2)
        self.fraction = 0.0

    def rows(self) -> Iterator[Row]:
        """Yield the rows, from the first. Raises ImportRefused for more than can be taken."""
        for count, row in enumerate(self._rows(), 1):
            if count > MOST_ROWS:
                reason = f"The file has more than {MOST_ROWS:,} rows. Divide it."
                raise ImportRefused([Problem(self._name, row.line, None, reason)])
            yield row

    def _rows(self) -> Iterator[Row]:
        if self._sheet is None:
            for row in read_rows(self._stream, self._name):
                self.fraction = self._stream.tell() / max(self._size, 1)
                yield row
            return
        numbered = read_sheet(self._stream, self._name, self._sheet)
        next(numbered, None)
        for row, self.fraction in numbered:
            yield row


def look_into(stream: BinaryIO, name: str, sheet: str | None = None) -> Contents:
    """Return a file's sheets, header and first rows. Raises ImportRefused for what is no table."""
    stream.seek(0)
    head = stream.read(16)
    refuse_strangers(head, name)
    if head.startswith(ZIP):
        sheets, (head_row, *first) = look_at_sheet(stream, name, sheet, SHOWN)
        header = list(head_row.cells)
    elif head and name.lower().endswith(".xlsx"):
        reason = "It is no XLSX file, whatever its name says. Save it anew as XLSX or CSV."
        raise ImportRefused([Problem(name, None, None, reason)])
    else:
        sheets, header = [], read_header(stream, name)
        first = list(islice(read_rows(stream, name), SHOWN))
    if not first:
        raise ImportRefused([Problem(name, None, None, "There is only a header, and no row.")])
    return Contents(sheets, header, first)


def store(session: Session, imported: Import, stream: IO[bytes]) -> None:
    """Keep the uploaded bytes, a part at a time."""
    stream.seek(0)
    position = 0
    while part := stream.read(PART):
        row = {"import_id": imported.id, "position": position, "content": part}
        session.execute(insert(ImportChunk), [row])
        position += 1


@contextmanager
def opened(session: Session, imported: Import) -> Iterator[Source]:
    """Give the uploaded file as rows."""
    with stream_of(session, imported) as stream:
        yield Source(stream, imported.filename, imported.sheet)


@contextmanager
def stream_of(session: Session, imported: Import) -> Iterator[BinaryIO]:
    """Give the uploaded bytes as a seekable file."""
    with tempfile.TemporaryFile() as file:
        query = select(ImportChunk.content).where(ImportChunk.import_id == imported.id)
        parts = session.scalars(query.order_by(ImportChunk.position).execution_options(yield_per=1))
        for part in parts:
            file.write(part)
        file.seek(0)
        yield file
