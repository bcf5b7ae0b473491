"""Who reads and who adds the files of a product: who reads and changes the catalog."""

from flask import url_for
from sqlalchemy.orm import Session

from wholesale.access.queries import Actor, may
from wholesale.catalog import queries
from wholesale.core.errors import NotVisible
from wholesale.files.pages import Holder, keeps_files


@keeps_files("products")
def holder(session: Session, actor: Actor, ref: str) -> Holder:
    """Return the product with its files' rights. Raises NotVisible for who sees no catalog."""
    if not may(actor, "catalog:read"):
        raise NotVisible("There is no such product.")
    found = queries.product(session, ref)
    return Holder(
        "products",
        found.sku,
        found.id,
        found.name,
        url_for("catalog.product", sku=found.sku),
        may(actor, "catalog:write"),
    )
