"""A draft of a mail: no link that our records do not have, and an address for a mail program."""

import re
from urllib.parse import quote

from wholesale.core.text import clean_block, clean_line

LINK = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]{1,20}://|javascript:|data:|mailto:|tel:|www\.)\S*", re.IGNORECASE
)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# What a mail program makes a link of without being told: a host with a path, or //host.
HOST = re.compile(r"(?<![\w@./:-])(?://\S+|(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*)", re.IGNORECASE)
LONGEST_LINK = 1900  # what mail programs and browsers take


def without_links(text: str, given: str) -> str:
    """Return ``text`` without links and mail addresses, save those that ``given`` has.

    What somebody wrote to us must not lead our customer anywhere.
    """

    patterns = (LINK, ADDRESS, HOST)
    known = {_bare(found) for pattern in patterns for found in pattern.finditer(given)}

    def kept(match: re.Match[str]) -> str:
        return match[0] if _bare(match) in known else "[link left out]"

    text = clean_block(text)
    for pattern in patterns:
        text = pattern.sub(kept, text)
    return text


def _bare(match: re.Match[str]) -> str:
    """Return a link without the marks of the sentence that it ends."""
    return match[0].rstrip(".,;:)")


def mailto(address: str, subject: str, body: str) -> str:
    """Return the address that opens a mail program with the mail; a long text is left out."""
    url = f"mailto:{quote(address, safe='@')}?subject={quote(clean_line(subject))}"
    full = f"{url}&body={quote(body.replace(chr(10), chr(13) + chr(10)))}"
    return full if len(full) <= LONGEST_LINK else url
