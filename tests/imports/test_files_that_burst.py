"""Small files that would take a server's time: refused with words, and soon."""

import io
import time
import zipfile

import pytest

from tests.imports.desk import ImportDesk
from tests.imports.test_uploads import workbook, zipped

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
    '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>Ridge</t></is></c></row></sheetData></worksheet>'
)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_header_of_a_hundred_thousand_columns_is_counted_before_it_is_compared(ops: ImportDesk):
    began = time.monotonic()
    answer = ops.upload("organizations", ",".join(f"c{n}" for n in range(100_000)) + "\nA\n")
    assert answer.status_code == 422
    assert "The file has 100,000 columns; 500 are the most." in answer.text
    assert time.monotonic() - began < 5


def test_a_cell_far_down_does_not_make_a_million_rows(ops: ImportDesk):
    content = parts(workbook([["Name"], ["A"]]))
    content["xl/worksheets/sheet1.xml"] = SHEET.format(2_000_000_000).encode()
    began = time.monotonic()
    answer = ops.upload("organizations", zipped(content), "far.xlsx")
    assert "The sheet has more than 200,000 rows." in answer.text
    assert time.monotonic() - began < 10


def test_only_what_is_listed_as_a_sheet_may_be_as_large_as_one(
    ops: ImportDesk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("wholesale.imports.xlsx.LARGEST_PART", 10_000)
    content = parts(workbook([["Name"], ["A"]])) | {"xl/worksheets/sheet9.xml": b"x " * 6_000}
    answer = ops.upload("organizations", zipped(content), "strings.xlsx")
    assert "Unpacked, the workbook has" in answer.text


def test_text_that_calls_itself_xlsx_is_told_as_such(ops: ImportDesk):
    answer = ops.upload("organizations", "no workbook at all", "clubs.xlsx")
    assert answer.status_code == 422
    assert "It is no XLSX file, whatever its name says." in answer.text
