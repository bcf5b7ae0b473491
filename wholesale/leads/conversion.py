"""A lead becomes a client: its organization and contact are made, or those there are taken."""

from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wholesale.access.queries import may
from wholesale.accounts.models import User
from wholesale.core.clock import now
from wholesale.core.errors import Invalid, NotPermitted
from wholesale.customers.models import Activity, ClientType, Contact, Organization
from wholesale.customers.operations import create_organization, may_write, save_contact
from wholesale.leads.models import Lead
from wholesale.leads.workflow import LeadStage


def quote_key(lead_id: int) -> UUID:
    """Return the entry key of the quote that a lead becomes: always the same one."""
    return uuid5(NAMESPACE_OID, f"wholesale:lead:{lead_id}")


def convert(
    session: Session, lead: Lead, by: User, chosen: Organization | None = None
) -> Organization:
    """Make a lead a client and return its organization; its row is locked by then.

    A lead without a customer takes ``chosen``, or becomes a new one; one that has a customer
    keeps it, so that converting again changes nothing. Raises DomainError for an archived
    lead or customer, NotPermitted for who may not add customers.
    """
    lead.refuse_archived()
    customer = lead.organization or chosen or _new_customer(session, lead, by)
    if customer.is_archived:
        raise Invalid(f"{customer.name} is archived. Restore it first.")
    lead.organization = customer
    if lead.contact_id is None:
        lead.contact = _contact(session, lead, customer, by)
    if lead.converted_at is None:
        lead.stage = LeadStage.CLIENT
        lead.converted_at = lead.last_activity_at = now()
    session.flush()
    _hand_over_activities(session, lead, customer)
    return customer


def _new_customer(session: Session, lead: Lead, by: User) -> Organization:
    if not may(by, "organizations:write"):
        raise NotPermitted("You may not add customers: use one that there is.")
    values: dict[str, Any] = {
        "name": lead.company,
        "client_type": lead.client_type or ClientType.RETAIL.value,
        "city": lead.city,
        "region": lead.region,
        "phone": lead.phone,
        "salesperson_id": lead.owner_id,
        "contact_name": "",
        "contact_email": "",
    }
    return create_organization(session, values, by)


def _contact(session: Session, lead: Lead, customer: Organization, by: User) -> Contact | None:
    """Return the customer's contact of this address or name, or a new one where one may be made."""
    if not (lead.person or lead.email):
        return None
    of_customer = select(Contact).where(
        Contact.organization_id == customer.id, Contact.archived_at.is_(None)
    )
    people = session.scalars(of_customer.order_by(Contact.id)).all()
    same_mail = [c for c in people if lead.email and _same(c.email, lead.email)]
    same_name = [c for c in people if lead.person and _same(c.name, lead.person)]
    if same_mail or same_name:
        return (same_mail or same_name)[0]
    if not (may_write(by, customer) and may(by, "contacts:write")):
        return None
    contact = Contact(organization_id=customer.id)
    values = {"name": lead.person or lead.email, "email": lead.email, "phone": lead.phone}
    has_primary = any(person.is_primary for person in people)
    save_contact(session, contact, values | {"is_primary": not has_primary})
    return contact


def _same(one: str | None, other: str) -> bool:
    return one is not None and one.casefold() == other.casefold()


def _hand_over_activities(session: Session, lead: Lead, customer: Organization) -> None:
    """Show on the customer's timeline, too, what happened while it was a lead."""
    changed = {"organization_id": customer.id, "version": Activity.version + 1}
    session.execute(
        update(Activity)
        .where(Activity.lead_id == lead.id, Activity.organization_id.is_(None))
        .values(changed | {"updated_at": func.now()})
        .execution_options(synchronize_session=False)
    )
