"""What is kept of prompts and answers: enough to see what went wrong, and no addresses."""

import re

LONGEST = 4000
# Codes such as O-2026-00001 and days stay: they say what it was about.
_MARKS = (
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "[e-mail]"),
    (
        re.compile(r"\b(?:https?|ftp|mailto|javascript|data):\S+|\bwww\.\S+", re.IGNORECASE),
        "[link]",
    ),
    (re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"), "[account]"),
    (re.compile(r"(?<![\w-])(?!\d{4}-\d\d-\d\d\b)\+?\(?\d[\d ()./-]{6,}\d(?!\w)"), "[number]"),
)


def redacted(text: str) -> str:
    """Return ``text`` without addresses, links, phone and account numbers, cut to a length."""
    cut = text[: LONGEST * 2]
    for pattern, word in _MARKS:
        cut = pattern.sub(word, cut)
    kept = cut[:LONGEST].replace("\x00", "")
    return kept if len(text) <= LONGEST else f"{kept}… ({len(text):,} characters)"
