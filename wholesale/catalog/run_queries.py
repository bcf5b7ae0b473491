"""Reads of size runs and their prepacks."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from wholesale.catalog.models import Prepack, Product, SizeRun
from wholesale.core.errors import NotVisible


def size_runs(session: Session) -> list[SizeRun]:
    """Return all size runs by name, with their prepacks."""
    query = select(SizeRun).options(selectinload(SizeRun.prepacks)).order_by(SizeRun.name)
    return list(session.scalars(query))


def products_per_run(session: Session) -> dict[int, int]:
    """Return size run → how many products in use come in it."""
    query = select(Product.size_run_id, func.count()).where(Product.archived_at.is_(None))
    query = query.group_by(Product.size_run_id)
    return dict(session.execute(query).all())


def size_run(session: Session, key: int, *, lock: bool = False) -> SizeRun:
    """Return one size run with its prepacks, locked when it will be changed.

    Raises NotVisible when there is none.
    """
    query = select(SizeRun).where(SizeRun.id == key).options(selectinload(SizeRun.prepacks))
    found = session.scalar(query.with_for_update(of=SizeRun) if lock else query)
    if found is None:
        raise NotVisible("There is no such size run.")
    return found


def prepack(session: Session, key: int, *, lock: bool = False) -> Prepack:
    """Return one prepack with its run, locked when it will be changed. Raises NotVisible."""
    query = select(Prepack).where(Prepack.id == key).options(joinedload(Prepack.size_run))
    found = session.scalar(query.with_for_update(of=Prepack) if lock else query)
    if found is None:
        raise NotVisible("There is no such prepack.")
    return found


def uses_of_sizes(session: Session, run: SizeRun) -> dict[str, list[str]]:
    """Return size → what names it: surcharges of products and the run's prepacks."""
    found: dict[str, list[str]] = {}
    priced = select(Product.sku, Product.surcharges).where(
        Product.size_run_id == run.id, Product.surcharges != {}
    )
    for sku, surcharges in session.execute(priced.order_by(Product.sku)):
        for size in surcharges:
            found.setdefault(size, []).append(f"surcharge of {sku}")
    for pack in run.prepacks:
        for size in pack.ratio:
            found.setdefault(size, []).append(f"prepack {pack.name}")
    return found
