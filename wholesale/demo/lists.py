"""Lists of names and texts, written down as they are read."""


def listed(text: str) -> list[str]:
    """Return the parts of ``text`` between its bars, or its words when it has no bar."""
    return [part.strip() for part in text.split("|")] if "|" in text else text.split()
