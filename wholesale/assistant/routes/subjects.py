"""What a summary or a mail is about: a customer or an order, loaded within the reader's scope."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_login import current_user

from wholesale.assistant.facts import Fact, customer_facts, order_facts
from wholesale.assistant.prompts import material
from wholesale.customers.models import Contact
from wholesale.customers.queries import contacts_of, organization
from wholesale.extensions import db
from wholesale.orders.queries import order


@dataclass(frozen=True)
class Subject:
    """A record: what it is called, where it is, whose customer, and how its facts are read."""

    title: str
    record: str
    url: str
    crumbs: list[tuple[str, str]]
    organization_id: int
    facts: Callable[[], list[Fact]]

    @property
    def people(self) -> list[Contact]:
        """The customer's contacts whom the reader may see."""
        return contacts_of(db.session, current_user, self.organization_id)


def of_organization(key: int) -> Subject:
    """Return a customer. Raises NotVisible."""
    found = organization(db.session, current_user, key)
    url = url_for("customers.organization", key=key)
    return Subject(
        found.name,
        f"organizations:{key}",
        url,
        [("Customers", url_for("customers.organizations")), (found.name, url)],
        found.id,
        lambda: customer_facts(db.session, _reader(), found),
    )


def of_order(ref: str) -> Subject:
    """Return an order. Raises NotVisible."""
    found = order(db.session, current_user, ref)
    url = url_for("orders.order", ref=found.ref)
    return Subject(
        f"{found.title} of {found.organization.name}",
        f"orders:{found.ref}",
        url,
        [("Orders", url_for("orders.orders")), (found.title, url)],
        found.organization_id,
        lambda: order_facts(db.session, _reader(), found),
    )


def as_material(facts: list[Fact]) -> str:
    """Return facts as the model reads them, each after its id."""
    return material("facts", "\n".join(f"{fact.id}: {fact.text}" for fact in facts))


def _reader() -> Any:
    return current_user._get_current_object()
