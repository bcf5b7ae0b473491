"""Writes of products: make, copy, change, archive, restore, delete."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.audit.recording import note
from wholesale.catalog.codes import copied_codes
from wholesale.catalog.models import Product, SizeRun, Variant
from wholesale.catalog.queries import codes_of_sku
from wholesale.catalog.words import in_words, unless_in_use
from wholesale.core.clock import now
from wholesale.core.dependents import dependents
from wholesale.core.entry import made_before
from wholesale.core.errors import DomainError, Invalid

OWNED = ("variants", "product_images")
COPIED = (
    *("description", "category_id", "size_run_id", "base_price", "surcharges"),
    *("min_quantity", "order_multiple", "lead_time_days", "decoration"),
)
Surcharges = Mapping[str, Decimal | None]


def create_product(session: Session, key: UUID, values: dict[str, Any]) -> Product:
    """Add a product, or return the one that this form (``key``) made before.

    ``values`` holds columns, and ``surcharges`` as they were typed. Raises Invalid when the
    SKU is taken, or a surcharge is for a size that is not in the run.
    """
    made = made_before(session, Product, key)
    if made is not None:
        return made
    drop = values.pop("drop", False)
    run = held_run(session, values.pop("size_run_id"))
    surcharges = values.pop("surcharges", {})
    product = Product(entry_key=key, **{name: value or None for name, value in values.items()})
    product.lead_time_days = values["lead_time_days"]
    set_sizes(product, run, surcharges, drop=drop)
    with in_words(session):
        session.add(product)
    return product


def copy_product(session: Session, product: Product, key: UUID, sku: str, name: str) -> Product:
    """Add a product like ``product`` with the variants it has in use; images stay behind.

    Raises Invalid when the SKU is taken.
    """
    made = made_before(session, Product, key)
    if made is not None:
        return made
    same = {column: getattr(product, column) for column in COPIED}
    copy = Product(entry_key=key, sku=sku, name=name, **same)
    kept = [variant for variant in product.variants if not variant.is_archived]
    codes = copied_codes(product.sku, sku, kept, codes_of_sku(session, sku))
    copy.variants = [
        Variant(
            code=code,
            colour=variant.colour,
            material=variant.material,
            price=variant.price,
            cost=variant.cost,
            position=place,
        )
        for place, (variant, code) in enumerate(zip(kept, codes, strict=True))
    ]
    with in_words(session):
        session.add(copy)
    return copy


def change_product(session: Session, product: Product, values: dict[str, Any]) -> None:
    """Change some fields of a product. Raises Invalid when the SKU is taken."""
    with in_words(session):
        for name, value in values.items():
            setattr(product, name, value if value != "" else None)


def change_sizes(
    session: Session,
    product: Product,
    run_id: int,
    changed: Surcharges,
    *,
    drop: bool = False,
) -> None:
    """Give a product another size run, other surcharges, or both.

    Raises Invalid while surcharges of sizes that are not in the run would be lost, unless
    ``drop`` says that they may.
    """
    present = {size: Decimal(amount) for size, amount in product.surcharges.items()}
    run = held_run(session, run_id)
    with in_words(session):
        set_sizes(product, run, present | dict(changed), drop=drop)


def set_sizes(product: Product, run: SizeRun, surcharges: Surcharges, *, drop: bool) -> None:
    """Set run and surcharges; those of other sizes only leave after a yes (``drop``)."""
    dearer = {size: amount for size, amount in surcharges.items() if amount}
    lost = strange_sizes(run, dearer)
    if lost and not drop:
        words = ", ".join(f"{size} +{amount:f}" for size, amount in lost.items())
        message = f"{run.name} does not have these sizes, so their surcharges would go: {words}."
        raise Invalid(message, drop=message)
    product.size_run_id, product.size_run = run.id, run
    product.surcharges = {size: f"{dearer[size]:.2f}" for size in run.sizes if size in dearer}


def strange_sizes(run: SizeRun, surcharges: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of ``surcharges`` whose size is not in the run."""
    return {size: amount for size, amount in surcharges.items() if size not in run.sizes}


def held_run(session: Session, key: int) -> SizeRun:
    """Return a size run that nobody changes before this transaction ends."""
    run = session.scalar(select(SizeRun).where(SizeRun.id == key).with_for_update(read=True))
    if run is None:
        raise Invalid("This size run is gone.", size_run_id="This size run is gone.")
    return run


def archive(record: Product | Variant) -> None:
    """Put a record away: gone from lists and pickers, readable in old documents."""
    record.archived_at = record.archived_at or now()


def restore(record: Product | Variant) -> None:
    """Bring a record back."""
    record.archived_at = None


def standing_against(session: Session, product: Product) -> dict[str, int]:
    """Return what refers to a product, table → rows; its variants and images go along."""
    return dependents(session, product, owned=OWNED)


def delete_product(session: Session, product: Product) -> None:
    """Delete a product, its variants and images. Raises DomainError when it is in use."""
    if standing_against(session, product):
        raise DomainError(f"{product.name} is in use. Archive it instead.")
    with unless_in_use(session, product.name):
        for image in product.images:
            session.delete(image)
        session.flush()
        for variant in product.variants:
            session.delete(variant)
        session.flush()
        session.expire(product, ["variants", "images"])
        session.delete(product)


def delete_variant(session: Session, product: Product, variant: Variant) -> None:
    """Delete one variant; its pictures stay with the product. Raises DomainError when in use."""
    if standing_against_variant(session, variant):
        raise DomainError(f"{variant.code} is in use. Archive it instead.")
    for image in product.images:
        if image.variant_id == variant.id:
            image.variant_id = None
    note(session, "deleted a variant of", "products", product.id, code=variant.code)
    with unless_in_use(session, variant.code):
        session.delete(variant)


def standing_against_variant(session: Session, variant: Variant) -> dict[str, int]:
    """Return what refers to a variant, table → rows."""
    return dependents(session, variant, owned=("product_images",))
