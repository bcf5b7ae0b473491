"""What a record needs beyond its own columns: lines copy the catalog, one contact is primary."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from wholesale.catalog.models import Product, Variant
from wholesale.customers.models import Contact
from wholesale.imports.entries import Entry
from wholesale.imports.mapping import Target
from wholesale.imports.report import Problem
from wholesale.lines.carrying import snapshot
from wholesale.orders.models import OrderLine

Completion = Callable[[Session, Target, list[Entry]], None]


def complete(session: Session, target: Target, entries: list[Entry]) -> None:
    """Add to ``entries`` what their record needs, and to their problems what stands in the way."""
    completion = _COMPLETIONS.get(target.record.name)
    if completion and entries:
        completion(session, target, entries)


def _copy_catalog(session: Session, target: Target, entries: list[Entry]) -> None:
    """Give a new line its product, sizes, surcharges, list price and place in its order.

    A price that comes from a file is nobody's to compute again.
    """
    wanted = {entry.values["variant_id"] for entry in entries}
    query = select(Variant).where(Variant.id.in_(wanted))
    query = query.options(joinedload(Variant.product).joinedload(Product.size_run))
    variants = {variant.id: variant for variant in session.scalars(query)}
    places = _last_places(session, {entry.values["order_id"] for entry in entries})
    for entry in entries:
        variant = variants[entry.values["variant_id"]]
        order_id = entry.values["order_id"]
        places[order_id] = places.get(order_id, 0) + (entry.before is None)
        entry.fresh = snapshot(variant.product, variant) | {"position": places[order_id]}
        if "unit_price" in entry.values:
            entry.fresh["is_price_manual"] = True
            if entry.before and entry.values["unit_price"] != entry.before["unit_price"]:
                entry.values["is_price_manual"] = True
        sizes = entry.fresh["sizes"] if entry.before is None else entry.before["sizes"]
        _fit_sizes(target, entry, list(sizes), variant.product.name)


def _fit_sizes(target: Target, entry: Entry, sizes: list[str], product: str) -> None:
    """Set the sizes that the row names; those it does not name stay as they are."""
    if "quantities" not in entry.values:
        return
    spelled = {size.lower(): size for size in sizes}
    units = dict(entry.before["quantities"]) if entry.before else {}
    for size, count in entry.values["quantities"].items():
        if size.lower() in spelled:
            units[spelled[size.lower()]] = count
        elif count:
            _strange_size(target, entry, size, f"{product} does not come in {size}.")
    entry.values["quantities"] = {size: count for size, count in units.items() if count}


def _strange_size(target: Target, entry: Entry, size: str, reason: str) -> None:
    given = next(field for field in target.fields if field.name == "quantities")
    column = (given.sizes or {}).get(size) or given.columns[0]
    entry.problems.append(Problem(target.file, entry.row.line, column, reason))


def _last_places(session: Session, order_ids: set[int]) -> dict[int, int]:
    query = (
        select(OrderLine.order_id, func.max(OrderLine.position))
        .where(OrderLine.order_id.in_(order_ids))
        .group_by(OrderLine.order_id)
    )
    return dict(session.execute(query).all())


def _one_primary(session: Session, _: Target, entries: list[Entry]) -> None:
    """Leave an organization the primary contact it has; the first of a file is a new one's."""
    wanted = {entry.values["organization_id"] for entry in entries}
    query = select(Contact.organization_id, Contact.name).where(
        Contact.organization_id.in_(wanted), Contact.is_primary
    )
    primary = dict(session.execute(query).all())
    for entry in entries:
        if entry.values.get("is_primary"):
            name = primary.setdefault(entry.values["organization_id"], entry.values["name"])
            entry.values["is_primary"] = name == entry.values["name"]


_COMPLETIONS: dict[str, Completion] = {"order_lines": _copy_catalog, "contacts": _one_primary}
