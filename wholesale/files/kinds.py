"""What kinds of files are kept, told by their content; the name only has to agree."""

import zipfile
from dataclasses import dataclass
from typing import BinaryIO

import puremagic

from wholesale.core.errors import Invalid
from wholesale.files.names import extension_of

MB = 1024 * 1024
PICTURE_LIMIT, ART_LIMIT, PAPER_LIMIT = 25 * MB, 100 * MB, 25 * MB
HEAD = 8192
MOST_DIRECTORY = 4 * MB  # of an archive: tens of thousands of files
OFFICE = "application/vnd.openxmlformats-officedocument."
MARKUP = (b"<!doctype html", b"<html", b"<script", b"<iframe", b"<body", b"<?php")
KEPT = (
    "Kept are JPEG, PNG, WebP, GIF, TIFF, PDF, AI, EPS, PSD, SVG, DST, ZIP, XLSX, DOCX, CSV, TXT."
)


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called, what its names may end in, how large it may be."""

    content_type: str
    words: str
    extensions: tuple[str, ...]
    limit: int
    is_picture: bool = False  # made anew and shown small


def _picture(name: str, *extensions: str) -> Kind:
    return Kind(f"image/{extensions[-1]}", f"a {name} picture", extensions, PICTURE_LIMIT, True)


PNG, JPEG = _picture("PNG", "png"), _picture("JPEG", "jpg", "jfif", "jpeg")
WEBP, GIF = _picture("WebP", "webp"), _picture("GIF", "gif")
TIFF = Kind("image/tiff", "a TIFF picture", ("tif", "tiff"), ART_LIMIT)
PDF = Kind("application/pdf", "a PDF", ("pdf", "ai"), ART_LIMIT)
POSTSCRIPT = Kind("application/postscript", "a PostScript file", ("eps", "ps", "ai"), ART_LIMIT)
PSD = Kind("image/vnd.adobe.photoshop", "a Photoshop file", ("psd",), ART_LIMIT)
SVG = Kind("image/svg+xml", "an SVG drawing", ("svg",), ART_LIMIT)
EMBROIDERY = Kind("application/octet-stream", "an embroidery file", ("dst",), ART_LIMIT)
ZIP = Kind("application/zip", "a ZIP archive", ("zip",), ART_LIMIT)
SHEET = Kind(f"{OFFICE}spreadsheetml.sheet", "an Excel workbook", ("xlsx",), PAPER_LIMIT)
LETTER = Kind(f"{OFFICE}wordprocessingml.document", "a Word document", ("docx",), PAPER_LIMIT)
CSV = Kind("text/csv", "a text file", ("csv",), PAPER_LIMIT)
TEXT = Kind("text/plain", "a text file", ("txt", "csv"), PAPER_LIMIT)

_PICTURES, _PAPERS = (PNG, JPEG, WEBP, GIF), (SHEET, LETTER, CSV, TEXT)
KINDS = (*_PICTURES, TIFF, PDF, POSTSCRIPT, PSD, SVG, EMBROIDERY, ZIP, *_PAPERS)
EXTENSIONS = sorted({ending for kind in KINDS for ending in kind.extensions})
_BY_TYPE = {kind.content_type: kind for kind in (*_PICTURES, TIFF, PDF, POSTSCRIPT, PSD)}


def largest_of(name: str) -> int:
    """Return how large a file of this name may be at most. Raises Invalid for no kind of ours."""
    found = [kind.limit for kind in KINDS if extension_of(name) in kind.extensions]
    if not found:
        raise Invalid(f"{name} is of a kind that is not kept here. {KEPT}")
    return max(found)


def type_by_name(name: str) -> str:
    """Return the type that a name stands for, as a browser is to announce it."""
    return next(kind.content_type for kind in KINDS if extension_of(name) in kind.extensions)


def kind_of(file: BinaryIO, name: str) -> Kind:
    """Return the kind of ``file`` by its content.

    Raises Invalid, with a sentence for the person, for what is none of ours, is two kinds at
    once, or is called what it is not.
    """
    file.seek(0)
    head = file.read(HEAD)
    kind = _by_magic(head, file) or _by_text(head, name)
    if kind is None:
        raise Invalid(f"{name} is of a kind that is not kept here. {KEPT}")
    if kind is not SVG and _is_two(kind, head, file):
        raise Invalid(f"{name} is two kinds of file at once. Save it anew with its own program.")
    if extension_of(name) not in kind.extensions:
        ending = " or ".join(f".{ending}" for ending in kind.extensions)
        raise Invalid(f"{name} is {kind.words} by its content: its name has to end in {ending}.")
    return kind


def _by_magic(head: bytes, file: BinaryIO) -> Kind | None:
    if head.startswith(b"PK\x03\x04"):
        return _packed(file)
    if head.startswith(b"LA:") and b"\rST:" in head[:64]:
        return EMBROIDERY
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    named = (_BY_TYPE.get(one.mime_type) for one in found)
    kind = next((kind for kind in named if kind), None)
    return None if kind is PDF and not head.startswith(b"%PDF-") else kind


def _packed(file: BinaryIO) -> Kind | None:
    """Tell documents of an office from other archives; what cannot be read is none of ours."""
    if _directory_size(file) > MOST_DIRECTORY:
        return None
    try:
        names = set(zipfile.ZipFile(file).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if "[Content_Types].xml" not in names:
        return ZIP
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None  # macros
    return {"xl": SHEET, "word": LETTER}.get(
        next((name.partition("/")[0] for name in names if name.startswith(("xl/", "word/"))), "")
    )


def _directory_size(file: BinaryIO) -> int:
    """Return how many bytes an archive says that its list of contents takes."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65536 - 22))
    end = file.read().rpartition(b"PK\x05\x06")[2]
    return int.from_bytes(end[8:12], "little") if len(end) >= 18 else 0


def _by_text(head: bytes, name: str) -> Kind | None:
    if b"\0" in head or not _is_text(head):
        return None
    start = head[:2048].lower()
    if b"<svg" in start and not any(mark in start for mark in MARKUP[:2]):
        return SVG
    if any(mark in start for mark in MARKUP):
        return None
    return CSV if extension_of(name) == "csv" else TEXT


def _is_text(head: bytes) -> bool:
    """Tell whether bytes are text: no control characters but those of lines and tabs."""
    return not any(byte < 32 and byte not in b"\t\n\r\f" for byte in head)


def _is_two(kind: Kind, head: bytes, file: BinaryIO) -> bool:
    """Tell whether another program would read the file as something else: a polyglot."""
    if kind not in (ZIP, SHEET, LETTER) and kind.content_type[:5] != "text/":
        file.seek(0)
        if zipfile.is_zipfile(file):
            return True
    start = head[:1024].lower()
    is_pdf_too = kind is not PDF and b"%pdf-" in start
    return is_pdf_too or any(mark in start for mark in MARKUP)
