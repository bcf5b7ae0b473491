"""Guesses which column means which field, from the headers and from what was chosen before."""

import hashlib
from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wholesale.catalog.models import SizeRun
from wholesale.imports.columns import BY_HEADER, Column
from wholesale.imports.kinds import Kind
from wholesale.imports.models import ImportMapping
from wholesale.imports.targets import size_of


def known_sizes(session: Session) -> set[str]:
    """Return all sizes that any product comes in, in lower case."""
    sizes = select(func.unnest(SizeRun.sizes)).distinct()
    return {size.lower() for size in session.scalars(sizes)}


def guess(
    kind: Kind, offered: Sequence[Column], header: Sequence[str], sizes: Collection[str]
) -> dict[str, str]:
    """Return column → field for the headers that say what they are: labels before synonyms."""
    chosen: dict[str, str] = {}
    free = [column for column in offered if column.name != BY_HEADER.get(kind.name)]
    for names in (lambda c: (c.label, c.name), lambda c: c.synonyms):
        for column in list(free):
            known = {_squashed(name) for name in names(column)}
            match = next((h for h in header if h not in chosen and _squashed(h) in known), None)
            if match:
                chosen[match] = column.name
                free.remove(column)
    rest = [name for name in header if name and name not in chosen]
    return chosen | {h: BY_HEADER[kind.name] for h in rest if _names_size(kind, h, sizes)}


def _names_size(kind: Kind, header: str, sizes: Collection[str]) -> bool:
    size = size_of(header)
    if kind.name == "products":
        return size != header and size.lower() in sizes
    return kind.name == "orders" and size.lower() in sizes


def remembered(session: Session, kind: Kind, header: Sequence[str]) -> dict[str, str]:
    """Return what was chosen for a file of this kind with these headers; nothing the first time."""
    found = session.get(ImportMapping, (kind.name, signature(header)))
    return dict(found.columns) if found else {}


def remember(session: Session, kind: Kind, header: Sequence[str], chosen: dict[str, str]) -> None:
    """Keep what was chosen for the next file with these headers."""
    row = {"kind": kind.name, "signature": signature(header), "columns": chosen}
    session.execute(
        insert(ImportMapping)
        .values(row)
        .on_conflict_do_update(
            index_elements=["kind", "signature"], set_={"columns": chosen, "updated_at": func.now()}
        )
    )


def signature(header: Sequence[str]) -> str:
    """Return what tells files with these headers from others."""
    return hashlib.sha256("\x1f".join(map(_squashed, header)).encode()).hexdigest()


def _squashed(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def refusals(kind: Kind, chosen: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with the chosen columns: column, or nothing for all of them → reason."""
    found: dict[str, str] = {}
    taken: dict[str, str] = {}
    for header, name in chosen.items():
        if name in taken and name != BY_HEADER.get(kind.name):
            found[header] = f"“{taken[name]}” fills this already."
        taken.setdefault(name, header)
    for need in kind.needs:
        if not any(name in taken for name in need):
            labels = " or ".join(kind.column(name).label for name in need)
            found[""] = f"Choose the column for {labels}."
    if ("size" in taken) != ("quantity" in taken):
        found[""] = "Size and Quantity go together: choose both columns."
    if kind.name == "orders" and not {"size", "units"} & set(taken):
        found[""] = "Choose the columns of the sizes, or one for Size and one for Quantity."
    both = {"size", "units"} <= set(taken) or {"surcharges", "surcharge"} <= set(taken)
    if both:
        found[""] = "Sizes are either in columns of their own or in one column, not in both."
    return found
