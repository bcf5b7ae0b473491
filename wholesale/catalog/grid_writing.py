"""Writing the grid of variants, in as many statements however many rows there are."""

from typing import Any, cast

from sqlalchemy import Table, bindparam, func, update
from sqlalchemy.orm import Session

from wholesale.audit.recording import note_changes
from wholesale.catalog.codes import suggested_code
from wholesale.catalog.grid import Sent
from wholesale.catalog.models import Product, Variant
from wholesale.catalog.queries import codes_of_sku
from wholesale.core.clock import now

TABLE = cast(Table, Variant.__table__)
Changes = dict[int, dict[str, Any]]  # variant → column → value


def with_verb(product: Product, sent: Sent, changes: Changes) -> Changes:
    """Return the changes with what the pressed button does to its row."""
    found = {key: dict(values) for key, values in changes.items()}
    rows = list(product.variants)
    if sent.verb in ("archive", "restore"):
        row = next(row for row in rows if row.id == sent.key)
        if row.is_archived != (sent.verb == "archive"):
            at = now() if sent.verb == "archive" else None
            found.setdefault(row.id, {})["archived_at"] = at
    elif sent.verb:
        at_place = next(place for place, row in enumerate(rows) if row.id == sent.key)
        to = min(max(at_place + (-1 if sent.verb == "up" else 1), 0), len(rows) - 1)
        rows.insert(to, rows.pop(at_place))
        for place, row in enumerate(rows):
            if row.position != place:
                found.setdefault(row.id, {})["position"] = place
    return found


def write_cells(session: Session, variants: dict[int, Variant], changes: Changes) -> None:
    """Write and record in one statement per set of columns, however many rows there are."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for key, values in changes.items():
        groups.setdefault(tuple(sorted(values)), []).append(key)
    for columns, keys in groups.items():
        statement = (
            update(TABLE)
            .where(TABLE.c.id == bindparam("of"))
            .values({name: bindparam(f"new_{name}") for name in columns})
            .values(version=TABLE.c.version + 1, updated_at=func.now())
        )
        rows = [
            {"of": key} | {f"new_{name}": changes[key][name] for name in columns} for key in keys
        ]
        session.connection().execute(statement, rows)
    before = {key: {c: getattr(variants[key], c) for c in changes[key]} for key in changes}
    note_changes(session, TABLE.name, ((key, before[key], changes[key]) for key in changes))
    for key in changes:
        session.expire(variants[key])


def add_rows(session: Session, product: Product, rows: list[Any], first: int) -> list[Variant]:
    """Add a variant for each row at the end, with suggested codes."""
    if not rows:
        return []
    taken = codes_of_sku(session, product.sku)
    materials = len({material for _, material in rows}) > 1
    added = []
    for place, (colour, material) in enumerate(rows, first):
        parts = [colour, material if materials or not colour else None]
        code = suggested_code(product.sku, parts, taken)
        added.append(Variant(code=code, colour=colour, material=material, position=place))
    product.variants.extend(added)
    session.flush()
    return added
