"""Reads rows pasted from a sheet or a mail: words, size, units. What they mean is matched later."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

MOST_ROWS = 500
MOST_CHARACTERS = 100_000
WHOLE = re.compile(r"[0-9]{1,5}")
TIMES = re.compile(r"\b([0-9]{1,5})\s*(?:x|×|pcs|pc|pieces|units)(?=\s|$)", re.IGNORECASE)
HEADINGS = {"qty", "quantity", "units", "pieces", "pcs", "total", "sum"}
SPELLINGS = {"XXL": "2XL", "XXXL": "3XL", "XXXXL": "4XL", "SMALL": "S", "MEDIUM": "M"} | {
    "LARGE": "L",
    "OS": "ONE SIZE",
}


@dataclass(frozen=True)
class PastedRow:
    """One cell that was pasted: the line it stood on, its words, and what is left to match."""

    line: int
    text: str
    words: str
    size: str | None = None
    units: int | None = None
    # Numbers of which one may be a size of the product's own run, in their order.
    numbers: tuple[str, ...] = ()
    is_cell: bool = False  # one of several on its line, under a header

    @property
    def again(self) -> str:
        """The row as it can be pasted once more by itself."""
        return f"{self.words}\t{self.size}\t{self.units or ''}" if self.is_cell else self.text


def folded_size(text: str) -> str:
    """Return a size as it is compared: ``xxl`` and ``2xl`` are one."""
    upper = " ".join(text.split()).upper()
    return SPELLINGS.get(upper, upper)


def read_rows(text: str, runs: Sequence[Collection[str]]) -> list[PastedRow]:
    """Return the rows of ``text``; ``runs`` are the size runs there are.

    A first line that names sizes of one run is a header: each filled cell under one is a
    row of its own. Raises ValueError with a sentence for more than can be looked at.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"Paste {MOST_CHARACTERS:,} characters at most at once.")
    folded = [{folded_size(size) for size in run} for run in runs]
    known = set().union(*folded)
    lines = [(n, _cells(line)) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    header = _header(lines[0][1], folded) if lines else None
    rows = list(_under(header, lines[1:]) if header else _single(lines, known))
    if len(rows) > MOST_ROWS:
        raise ValueError(f"Paste {MOST_ROWS:,} rows at most at once; these are {len(rows):,}.")
    return rows


def _cells(line: str) -> list[str]:
    for mark in ("\t", ";", "|"):
        if mark in line:
            return [cell.strip() for cell in line.split(mark)]
    if line.count(",") > 1 or re.search(r",\s*[0-9]+\s*$", line):
        return [cell.strip() for cell in line.split(",")]
    return [cell.strip() for cell in re.split(r"\s{2,}", line.strip())]


def _header(cells: list[str], runs: list[set[str]]) -> dict[int, str | None] | None:
    """Return column → size (None for words, left out for sums), or None for no header.

    ``M`` and ``12`` beside each other are a size and its units, so a header names two sizes
    of one run, and three where all of them are numbers.
    """
    named = {at: folded_size(cell) for at, cell in enumerate(cells)}
    run = max(runs, key=lambda sizes: len(sizes & set(named.values())), default=set())
    found = run & set(named.values())
    if len(found) < (3 if all(WHOLE.fullmatch(size) for size in found) else 2):
        return None
    return {
        at: size if size in run else None
        for at, size in named.items()
        if size.lower() not in HEADINGS
    }


def _under(
    header: dict[int, str | None], lines: Iterable[tuple[int, list[str]]]
) -> Iterable[PastedRow]:
    for number, cells in lines:
        places = {at: cells[at] for at in header if at < len(cells)}
        words = " ".join(cell for at, cell in places.items() if header[at] is None and cell)
        text = " ".join(cell for cell in cells if cell)
        filled = [(header[at], cell) for at, cell in places.items() if header[at] and cell]
        for size, cell in filled:
            if cell != "0":
                units = int(cell) if WHOLE.fullmatch(cell) else None
                yield PastedRow(number, text, words, size, units, is_cell=True)


def _single(lines: Iterable[tuple[int, list[str]]], known: Collection[str]) -> Iterable[PastedRow]:
    for number, cells in lines:
        text = " ".join(cell for cell in cells if cell)
        counted = TIMES.search(text)
        rest = text.replace(counted[0], " ") if counted else text
        tokens = [token.strip(",;:()") for token in rest.split()]
        if {token.lower() for token in tokens} & HEADINGS and not re.search(r"[0-9]", text):
            continue  # a header without sizes
        size = next((t for t in reversed(tokens) if _is_size(t, known)), None)
        numbers = tuple(token for token in tokens if WHOLE.fullmatch(token))
        left = [t for t in tokens if t and t != size and t not in numbers]
        units = int(counted[1]) if counted else None
        if units is None and size is not None and numbers:
            units, numbers = int(numbers[-1]), numbers[:-1]
        named = folded_size(size) if size else None
        yield PastedRow(number, text, " ".join(left), named, units, numbers)


def _is_size(token: str, known: Collection[str]) -> bool:
    return not WHOLE.fullmatch(token) and folded_size(token) in known
