"""How many rows an answer shows or hands out, and by which filters: for the record of reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import g, has_request_context


@dataclass
class Shown:
    """What an answer shows of lists; a file's rows are counted while they are handed out."""

    rows: int = 0
    filters: tuple[str, ...] = ()
    is_file: bool = False


def shown() -> Shown:
    """Return what the answer under way shows; nobody asks outside of a request."""
    if not has_request_context():
        return Shown()
    if "shown" not in g:
        g.shown = Shown()
    found: Shown = g.shown
    return found


def note_rows(count: int) -> None:
    """Say that the answer shows ``count`` rows (more)."""
    shown().rows += count


def note_filters(form: Iterable[Any]) -> None:
    """Say by which fields of a list's form it was narrowed down: their names, not their values."""
    shown().filters = tuple(sorted(field.name for field in form if field.data))


def handed_out() -> Shown:
    """Say that the answer is a file of rows; the rows are to be counted in what is returned."""
    found = shown()
    found.is_file = True
    return found
