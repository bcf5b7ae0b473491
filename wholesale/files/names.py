"""File names as people send them, made safe for every system, and told to browsers."""

import re
from urllib.parse import quote

from wholesale.core.text import clean_line

LONGEST = 150
FORBIDDEN = re.compile(r'[<>:"|?*;%]+')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def safe_name(given: str | None) -> str:
    """Return the last part of a name without what a path, a shell or a header could read in it."""
    last = re.split(r"[/\\]", given or "")[-1]
    name = FORBIDDEN.sub("-", clean_line(last)).strip(" .")
    if RESERVED.match(name):
        name = f"-{name}"
    stem, dot, extension = name.rpartition(".")
    if len(name) > LONGEST and dot and len(extension) < 10:
        name = f"{stem[: LONGEST - len(extension) - 1].rstrip()}.{extension}"
    return name[:LONGEST] or "file"


def extension_of(name: str) -> str:
    """Return what a name ends in, in lower case and without the dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def disposition(name: str) -> str:
    """Return the header that has a browser save a file under ``name``, never show it."""
    plain = "".join(c if " " <= c <= "~" and c not in '"\\' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
