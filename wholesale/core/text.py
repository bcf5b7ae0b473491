"""Text as people type and paste it: cleaned before it reaches the database."""

import unicodedata


def clean_line(text: str | None) -> str:
    """Return one line: no NUL or control characters, white space folded, ends trimmed."""
    if not text:
        return ""
    kept = (" " if c.isspace() else c for c in text if c.isspace() or c.isprintable())
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def clean_block(text: str | None) -> str:
    """Return several lines, each cleaned, with outer blank lines dropped."""
    if not text:
        return ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(clean_line(line) for line in lines).strip()


def like_pattern(text: str) -> str:
    """Return ``text`` as a LIKE pattern for "contains", its own wildcards escaped."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
