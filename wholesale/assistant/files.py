"""A file somebody gives the assistant: which kinds there are is told by content, never by name."""

import io
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any

import puremagic
from openpyxl import load_workbook
from PIL import Image, ImageOps, UnidentifiedImageError

from wholesale.assistant.gemini import File

MEGABYTES = 10
LARGEST = MEGABYTES * 1024 * 1024
KINDS = "a PDF, a photo (JPEG, PNG, WebP), an XLSX workbook or a text"
PICTURES = ("image/jpeg", "image/png", "image/webp")
TEXTS = ("text/", "message/rfc822", "application/csv")
LONGEST_SIDE = 2000
MOST_PIXELS = 60_000_000
LARGEST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS, MOST_CELLS, MOST_SHEETS = 1000, 40, 10
MOST_CHARACTERS = 100_000
MOST_IN_CELL = 1000
TOO_LONG = f"This is longer than {MOST_CHARACTERS:,} characters. Give less at once."


def read_file(data: bytes) -> File | str:
    """Return a file as the model gets it: a PDF or picture as it is, all else as text.

    Raises ValueError with a sentence for what is empty, too large or of another kind.
    """
    if not data:
        raise ValueError("This file is empty. Choose another.")
    if len(data) > LARGEST:
        raise ValueError(f"A file has {MEGABYTES} MB at most.")
    kinds = _kinds(data)
    if "application/pdf" in kinds and data.startswith(b"%PDF-"):
        return File("application/pdf", data)
    if any(kind in PICTURES for kind in kinds):
        return File("image/jpeg", _picture(data))
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data)
    if all(not kind or kind.startswith(TEXTS) for kind in kinds):
        return _text(data)
    raise ValueError(f"This kind of file cannot be read. Choose {KINDS}.")


def _kinds(data: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(data)}
    except (puremagic.PureError, ValueError):
        return set()


def _picture(data: bytes) -> bytes:
    """Return a picture turned upright, made small and without where it was taken."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError("This picture has too many pixels. Make it smaller.")
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise ValueError("This picture is damaged. Choose another.") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small = io.BytesIO()
    upright.save(small, "JPEG", quality=85)
    return small.getvalue()


def _workbook(data: bytes) -> str:
    """Return a workbook's cells as text, a line a row."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            if "xl/workbook.xml" not in archive.namelist():
                raise ValueError(f"This kind of file cannot be read. Choose {KINDS}.")
        if unpacked > LARGEST_UNPACKED:
            raise ValueError("Unpacked, this workbook is too large. Paste its rows instead.")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        text = "\n".join(_few(_lines(book)))
    except ValueError:
        raise
    except Exception:  # what a damaged workbook raises has no common type
        raise ValueError("This workbook is damaged. Save it anew and try again.") from None
    if not text.strip():
        raise ValueError("This workbook has no filled cells.")
    return _bounded(text)


def _few(lines: Iterator[str]) -> Iterator[str]:
    """Yield lines as long as they are not too many: one text may stand in a million cells."""
    length = 0
    for line in lines:
        length += len(line) + 1
        if length > MOST_CHARACTERS:
            raise ValueError(TOO_LONG)
        yield line


def _lines(book: Any) -> Iterator[str]:
    for sheet in islice(book.worksheets, MOST_SHEETS):
        sheet.reset_dimensions()
        for row in islice(sheet.iter_rows(values_only=True), MOST_ROWS):
            cells = ["" if cell is None else str(cell)[:MOST_IN_CELL] for cell in row[:MOST_CELLS]]
            if any(cells):
                yield "\t".join(cells).rstrip()


def _text(data: bytes) -> str:
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError(f"This kind of file cannot be read. Choose {KINDS}.")
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            return _bounded(data.decode(encoding).replace("\x00", ""))
        except UnicodeDecodeError:
            continue
    raise ValueError(f"This kind of file cannot be read. Choose {KINDS}.")


def _bounded(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise ValueError(TOO_LONG)
    return text
