"""Proposed rows as text for the paste preview, each with the words it came from."""

from wholesale.assistant.schemas import ProposedRow, ProposedRows
from wholesale.core.text import clean_line


def paste_text(found: ProposedRows, given: str | None) -> tuple[str, dict[str, str]]:
    """Return the rows as they can be pasted, and row → words of the mail or file.

    ``given`` is the text they come from: words that are not in it are none of it, and left
    out. It is None where a picture or a PDF was read, whose words cannot be looked up.
    """
    haystack = None if given is None else _folded(given)
    lines: list[str] = []
    sources: dict[str, str] = {}
    for row in found.rows:
        line, words = _line(row), clean_line(row.words)
        if not line:
            continue
        lines.append(line)
        if not words or (haystack is not None and _folded(words) not in haystack):
            continue
        key = " ".join(line.split())
        known = sources.get(key)
        sources[key] = f"{known} … {words}" if known and words not in known else words
    return "\n".join(lines), sources


def _line(row: ProposedRow) -> str:
    product = clean_line(f"{row.product} {row.colour}")
    return f"{product}\t{clean_line(row.size)}\t{row.units or ''}".rstrip() if product else ""


def _folded(text: str) -> str:
    return clean_line(text).casefold()
