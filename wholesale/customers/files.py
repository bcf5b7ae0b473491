"""Who reads and who adds the files of a customer: who reads and changes the customer."""

from flask import url_for
from sqlalchemy.orm import Session

from wholesale.access.queries import Actor
from wholesale.core.errors import NotVisible
from wholesale.customers import operations, queries
from wholesale.files.pages import Holder, keeps_files
from wholesale.web.forms import LARGEST_KEY


@keeps_files("organizations")
def holder(session: Session, actor: Actor, ref: str) -> Holder:
    """Return the customer with its files' rights. Raises NotVisible outside the scope."""
    key = int(ref) if ref.isascii() and ref.isdigit() and len(ref) <= len(str(LARGEST_KEY)) else 0
    if not 0 < key <= LARGEST_KEY:
        raise NotVisible("There is no such organization.")
    found = queries.organization(session, actor, key)
    return Holder(
        "organizations",
        str(key),
        key,
        found.name,
        url_for("customers.organization", key=key),
        operations.may_write(actor, found) and found.merged_into_id is None,
        key,
    )
