"""Downloads of a list: CSV and XLSX, streamed, with formulas made harmless."""

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, send_file
from openpyxl import Workbook
from sqlalchemy import Select
from sqlalchemy.engine import Engine

from wholesale.extensions import db
from wholesale.web.shown import Shown, handed_out

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CHUNK = 500


def download(
    kind: str, name: str, headers: Sequence[str], query: Select[Any], zone: ZoneInfo
) -> Response:
    """Answer with every row of ``query`` as a file ``name``.``kind`` (``csv`` or ``xlsx``).

    Moments are written in ``zone``, as the list shows them.
    """
    rows = _counted(_rows(db.engine, query, zone), handed_out())
    if kind == "xlsx":
        return _workbook(name, headers, rows)
    body = _csv_lines(headers, rows)
    answer = Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _rows(engine: Engine, query: Select[Any], zone: ZoneInfo) -> Iterator[list[Any]]:
    """Read the rows through a server-side cursor of a connection of its own."""
    with engine.connect().execution_options(yield_per=CHUNK) as connection:
        for row in connection.execute(query):
            yield [_cell(value, zone) for value in row]


def _counted(rows: Iterable[list[Any]], told: Shown) -> Iterator[list[Any]]:
    for row in rows:
        told.rows += 1
        yield row


def _csv_lines(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")  # spreadsheets take the file as UTF-8 only with this mark
    writer.writerow(headers)
    for count, row in enumerate(rows, 1):
        writer.writerow(row)
        if count % CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _workbook(name: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.append(list(headers))
    for row in rows:
        sheet.append(row)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - send_file closes it after the last byte
    book.save(file)
    file.seek(0)
    return send_file(file, as_attachment=True, download_name=f"{name}.xlsx")


def _cell(value: Any, zone: ZoneInfo) -> Any:
    """Return a value as a spreadsheet should read it: no zone, and no text taken as a formula."""
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if value is None or isinstance(value, int | Decimal | date):
        return value
    return harmless(json.dumps(value) if isinstance(value, dict) else str(value))


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
