"""Files of every program: encodings, delimiters, broken rows, things that are no CSV."""

import io

import pytest

from wholesale.imports.reader import CHUNK, encoding_of, read_rows
from wholesale.imports.report import ImportRefused

TEXT = "name,city\nZoë,Århus\n"
ROW = {"name": "Zoë", "city": "Århus"}


def rows_of(content: bytes | str, needed: tuple[str, ...] = ()):
    data = content.encode() if isinstance(content, str) else content
    return list(read_rows(io.BytesIO(data), "people.csv", needed))


def refusal_of(content: bytes | str, needed: tuple[str, ...] = ()) -> str:
    with pytest.raises(ImportRefused) as refused:
        rows_of(content, needed)
    return "\n".join(map(str, refused.value.problems))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
def test_accents_are_read_in_every_usual_encoding(encoding: str):
    assert rows_of(TEXT.encode(encoding))[0].cells == ROW


def test_an_accent_on_the_last_line_of_a_large_file_decides_its_encoding():
    content = b"name,city\n" + b"Ann,Rome\n" * CHUNK + "Zoë,Århus\n".encode("cp1252")
    assert encoding_of(io.BytesIO(content)) == "cp1252"
    assert rows_of(content)[-1].cells == ROW


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_delimiter_is_found(mark: str):
    assert rows_of(TEXT.replace(",", mark))[0].cells == ROW


def test_a_quoted_cell_may_hold_delimiters_and_line_breaks():
    first, second = rows_of('name,street\nAnn,"1, Main St\nApt. 2"\nBob,"9; ""Oak"" Rd"\n')
    assert first.cells["street"] == "1, Main St\nApt. 2"
    assert second.cells["street"] == '9; "Oak" Rd'
    assert (first.line, second.line) == (2, 4)


def test_blank_lines_are_left_out():
    assert [row.line for row in rows_of("name\n\nAnn\n  \nBob\n")] == [3, 5]


def test_a_row_with_a_cell_too_many_says_so():
    fine, broken = rows_of("name,city\nAnn,Rome\nBob,Oslo,Norway\n")
    assert fine.fault is None
    assert broken.fault == "The row has 3 cells; the header has 2."


@pytest.mark.parametrize("content", ["", "\n", " , \nAnn,Rome\n"])
def test_a_file_without_a_header_is_refused(content: str):
    assert refusal_of(content).startswith("people.csv, line 1: The file is empty")


def test_columns_that_stand_twice_or_are_missing_are_refused_together():
    told = refusal_of("name,name\nAnn,Bob\n", needed=("name", "city"))
    assert told == (
        "people.csv, line 1: The column “name” stands there twice.\n"
        "people.csv, line 1: There is no column “city”."
    )


def test_a_spreadsheet_file_is_refused():
    assert "Save the sheet as CSV" in refusal_of(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00")


def test_a_quote_that_is_never_closed_is_refused_with_its_line():
    assert refusal_of('name\nAnn\n"Bob\nCyd\n').startswith("people.csv, line 3: The row cannot")
