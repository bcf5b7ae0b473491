"""Who reads and who adds the files of an order: who reads and changes the order."""

from flask import url_for
from sqlalchemy.orm import Session

from wholesale.access.queries import Actor
from wholesale.files.pages import Holder, keeps_files
from wholesale.orders import queries


@keeps_files("orders")
def holder(session: Session, actor: Actor, ref: str) -> Holder:
    """Return the order with its files' rights. Raises NotVisible outside the scope."""
    found = queries.order(session, actor, ref)
    return Holder(
        "orders",
        found.ref,
        found.id,
        found.title,
        url_for("orders.order", ref=found.ref),
        queries.reaches(actor, found, "orders:update"),
        found.organization_id,
    )
