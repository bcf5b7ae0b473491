"""Files that are no good, and files of every program: told apart when they are uploaded."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from tests.cast import Cast
from tests.imports.desk import ImportDesk
from wholesale.imports import sources, xlsx

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600


def workbook(rows: list[list[object]], sheet: str = "Sheet", formats: dict[str, str] | None = None):
    """Return the bytes of a workbook with one sheet."""
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    for place, name in (formats or {}).items():
        book.active[place].number_format = name
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"\n\n", "The file is empty"),
        (b"Name,City\n", "There is only a header, and no row."),
        (b"Name,Name\nA,B\n", "The column “Name” stands there twice."),
        (PNG, "It is an image (PNG)."),
        (b"\xff\xd8\xff\xe0 jpeg", "It is an image (JPEG)."),
        (b"%PDF-1.7 ...", "It is a PDF."),
        (OLD_EXCEL, "It is an old Excel file (.xls), or one with a password."),
        (b"Name\nA\0B\n\0", "It is not a text file."),
        (b"PK\x03\x04 broken", "The workbook is damaged."),
        (zipped({"a.txt": b"hello"}), "It is a zip file but no XLSX workbook."),
        (zipped({"xl/workbook.xml": b"<broken"}), "The workbook is damaged."),
        (b'Name,City\n"Never closed,Rome\n', "The row cannot be read"),
        (",".join(f"c{n}" for n in range(501)).encode() + b"\nA\n", "500 are the most"),
    ],
)
def test_what_is_no_table_is_refused_with_what_it_is(ops: ImportDesk, content: bytes, words: str):
    answer = ops.upload("organizations", content)
    assert answer.status_code == 422
    assert words in answer.text


def test_no_file_at_all_is_refused_beside_the_field(ops: ImportDesk):
    answer = ops.visitor.post("/imports/new/organizations", {})
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_a_workbook_that_would_burst_is_refused_before_it_is_opened(ops: ImportDesk):
    bomb = zipped({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 30_000_000})
    assert len(bomb) < 100_000
    answer = ops.upload("organizations", bomb, "bomb.xlsx")
    assert answer.status_code == 422
    assert "unpacks to far more than it is" in answer.text


def test_a_workbook_that_is_too_large_unpacked_is_refused(
    ops: ImportDesk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(xlsx, "LARGEST", 2000)
    answer = ops.upload("organizations", workbook([["Name"], ["A"]]), "large.xlsx")
    assert answer.status_code == 422
    assert "too much. Save it as CSV." in answer.text


def test_a_file_over_the_limit_is_answered_with_what_to_do(ops: ImportDesk):
    answer = ops.upload("organizations", b"Name\n" + b"x" * 26 * 1024 * 1024)
    assert answer.status_code == 413
    assert "25 MB at most" in answer.text
    assert "divide it into several files" in answer.text


def test_a_file_larger_than_other_forms_may_be_is_taken(ops: ImportDesk):
    imported = ops.bring("organizations", "Name\n" + f"{'x' * 150}\n" * 40_000)
    assert imported.size > 5 * 1024 * 1024


def test_more_rows_than_can_be_taken_are_refused_by_the_dry_run(
    ops: ImportDesk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sources, "MOST_ROWS", 3)
    imported = ops.check("organizations", "Name\nA\nB\nC\nD\n")
    assert imported.status == "failed"
    assert "more than 3 rows" in ops.page(imported)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_encodings_and_delimiters_come_out_the_same(
    ops: ImportDesk, cast: Cast, encoding: str, mark: str
):
    row = f'Bärenfels Athletics{mark}Bärenfels{mark}"1.234,56"\n'
    content = f"Name{mark}City{mark}Credit limit\n{row}".encode(encoding)
    imported = ops.check("organizations", content)
    (found,) = ops.rows(imported)
    assert found.changes == {"Credit limit": ["0.00", "1234.56"]}


def test_broken_rows_are_errors_of_their_own(ops: ImportDesk, cast: Cast):
    padding = b"".join(b"Club %d,Town\n" % n for n in range(5000))
    broken = b"A,B,C\nOnly\nRidge\0 Runners,Ridge\nLake Lions,Lake\n"
    imported = ops.check("organizations", b"Name,City\n" + padding + broken)
    assert ops.outcomes(imported)[5000:] == ["error", "error", "error", "create"]
    assert [reason for _, _, reason in ops.problems(imported)] == [
        "The row has 3 cells; the header has 2.",
        "The row has 1 cells; the header has 2.",
        "The row holds NUL bytes: the file is damaged there.",
    ]


def test_typed_cells_of_a_workbook_come_out_clean(ops: ImportDesk, cast: Cast):
    content = workbook(
        [
            ["SKU", "Price", "MOQ", "Name"],
            ["JRS-1", 12.50000001, 12.0, 2026],
            ["JRS-2", 0.1 + 0.2, 1, None],
            ["JRS-3", "12,50", 1, date(2026, 3, 1)],
        ]
    )
    imported = ops.check("products", content, "p.xlsx")
    rows = ops.rows(imported)
    assert rows[0].changes == {"Price": ["20.00", "12.50"], "Name": ["Home jersey", "2026"]}
    assert rows[1].cells["Price"] == "0.3"
    assert rows[2].cells["Name"] == "2026-03-01"


def test_percent_cells_dates_and_blank_rows_of_a_workbook(ops: ImportDesk, cast: Cast):
    content = workbook(
        [
            ["Order", "Customer", "Variant", "M", "Discount %", "Placed"],
            [None] * 6,
            ["PO-1", "Wolverton Wrestling Club", "JRS-1-NAVY", 12, 0.125, datetime(2026, 3, 1)],
        ],
        formats={"E3": "0.0%"},
    )
    imported = ops.load("orders", content)
    assert imported.status == "loaded", ops.problems(imported)
    assert [row.line for row in ops.rows(imported)] == [3]


def test_of_several_sheets_the_first_is_taken_and_another_can_be(ops: ImportDesk):
    book = Workbook()
    book.active.title = "Notes"
    book.active.append(["Nothing"])
    book.active.append(["here"])
    book.create_sheet("Customers").append(["Company"])
    book["Customers"].append(["Ridge Runners"])
    imported = ops.bring("organizations", saved(book), "two.xlsx")
    page = ops.visitor.get(f"/imports/{imported.id}/columns").text
    assert "The workbook has 2 sheets; the rows of “Notes” are taken." in page
    ops.step(imported, "sheet", sheet="Customers")
    imported = ops.seen(imported.id)
    assert (imported.sheet, imported.columns) == ("Customers", {"Company": "name"})
    ops.choose(imported)
    assert ops.outcomes(ops.seen(imported.id)) == ["create"]


def test_a_sheet_that_is_not_there_is_refused(ops: ImportDesk):
    imported = ops.bring("organizations", workbook([["Name"], ["A"]]), "one.xlsx")
    assert ops.step(imported, "sheet", sheet="Other").status_code == 409


def test_a_path_in_the_files_name_is_left_out(ops: ImportDesk):
    imported = ops.bring("organizations", "Name\nA\n", "/home/rita/my list.csv")
    assert imported.filename == "my list.csv"
