"""The order that a lead becomes: begun once, whoever converts it how often."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.customers.models import Organization
from wholesale.leads.models import Lead
from wholesale.leads.operations import order_key
from wholesale.lines.beginning import change_details
from wholesale.orders.models import Order
from wholesale.orders.operations import begin_order


def order_of(session: Session, lead: Lead, customer: Organization, by: User) -> Order:
    """Return the order that a converted lead began, placed or not; begin it if there is none.

    The lead's row is locked by then, so that two at once begin one. Raises Invalid for an
    archived customer.
    """
    found = session.scalar(select(Order).where(Order.entry_key == order_key(lead.id)))
    if found is not None:
        return found
    order = begin_order(session, customer, order_key(lead.id), by)
    taken_over = {"name": lead.name, "contact_id": lead.contact_id or order.contact_id}
    change_details(session, order, taken_over)
    return order
