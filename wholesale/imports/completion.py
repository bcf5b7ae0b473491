"""What a record needs beyond its own columns: lines copy the catalog, one contact is primary."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from wholesale.catalog.models import Product, Variant
from wholesale.customers.models import Contact
from wholesale.imports.entries import Entry
from wholesale.imports.mapping import Target
from wholesale.imports.report import Problem
from wholesale.orders.models import OrderLine, snapshot

Completion = Callable[[Session, Target, list[Entry]], list[Problem]]


def complete(session: Session, target: Target, entries: list[Entry]) -> list[Problem]:
    """Add to ``entries`` what their record needs; returns what stands in the way."""
    completion = _COMPLETIONS.get(target.record.name)
    return completion(session, target, entries) if completion else []


def _copy_catalog(session: Session, target: Target, entries: list[Entry]) -> list[Problem]:
    """Give a new line its product, sizes, surcharges, list price and place in its order."""
    wanted = {entry.values["variant_id"] for entry in entries}
    query = select(Variant).where(Variant.id.in_(wanted))
    query = query.options(joinedload(Variant.product).joinedload(Product.size_run))
    variants = {variant.id: variant for variant in session.scalars(query)}
    places = _last_places(session, {entry.values["order_id"] for entry in entries})
    problems = []
    for entry in entries:
        variant = variants[entry.values["variant_id"]]
        order_id = entry.values["order_id"]
        places[order_id] = places.get(order_id, 0) + 1
        entry.fresh = snapshot(variant.product, variant) | {"position": places[order_id]}
        strange = [s for s in entry.values.get("quantities", {}) if s not in entry.fresh["sizes"]]
        if strange:
            reason = f"{variant.product.name} does not come in {', '.join(strange)}."
            problems.append(Problem(target.file, entry.line, None, reason))
    return problems


def _last_places(session: Session, order_ids: set[int]) -> dict[int, int]:
    query = (
        select(OrderLine.order_id, func.max(OrderLine.position))
        .where(OrderLine.order_id.in_(order_ids))
        .group_by(OrderLine.order_id)
    )
    return dict(session.execute(query).all())


def _one_primary(session: Session, _: Target, entries: list[Entry]) -> list[Problem]:
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
    return []


_COMPLETIONS: dict[str, Completion] = {"order_lines": _copy_catalog, "contacts": _one_primary}
