"""Two customers of the rep, one of them a duplicate, with everything that can belong to one."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from wholesale.access.models import UserPermission
from wholesale.catalog.models import PriceList
from wholesale.core.clock import now
from wholesale.customers.models import Activity, Contact, Organization
from wholesale.leads.models import Lead
from wholesale.orders.models import Order

MOVING = (Contact, Order, Lead, Activity, PriceList)


@dataclass
class Pair:
    """The keys of the customer that stays, of its duplicate, and of the duplicate's rows."""

    kept: int
    other: int
    rows: dict[str, list[int]]


def belongings(session: Session, organization_id: int) -> dict[str, list[int]]:
    """Return table → keys of what belongs to a customer at the moment."""
    session.rollback()
    return {
        model.__tablename__: sorted(
            row.id for row in session.query(model).filter_by(organization_id=organization_id)
        )
        for model in MOVING
    }


@pytest.fixture
def duplicates(session: Session, cast: Cast) -> Pair:
    """The wrestling club, and a second record of it with contacts, orders and the rest."""
    rep = cast.users["sales"]
    twin = Organization(name="Wolverton Wrestling", salesperson_id=rep, reference="C-2")
    twin.phone, twin.territory, twin.credit_limit = "555-0100", "North", Decimal(500)
    session.add(twin)
    session.flush()
    coach = Contact(organization_id=twin.id, name="Coach C.", is_primary=True, email="c@w.example")
    aide = Contact(organization_id=twin.id, name="Aide")
    session.add_all([coach, aide])
    session.flush()
    for number, contact in enumerate([coach, aide, None]):
        session.add(
            Order(
                code=f"O-TWIN-{number}",
                placed_at=now(),
                organization_id=twin.id,
                contact_id=contact.id if contact else None,
                salesperson_id=cast.users["sales2"] if number == 1 else rep,
                subtotal=100,
            )
        )
    session.add(Order(organization_id=twin.id, created_by_id=rep, entry_key=uuid4()))
    session.add(Lead(code="L-1", name="Spring", organization_id=twin.id, contact_id=aide.id))
    session.add(Activity(organization_id=twin.id, body="Called", author_id=rep))
    session.add(PriceList(name="Twin's prices", organization_id=twin.id))
    # Price lists move along only by who may write prices.
    grant = {"resource": "prices", "action": "write", "scope": "all"}
    session.add(UserPermission(user_id=cast.users["sales"], **grant))
    session.add(Order(code="O-OWN", placed_at=now(), organization_id=cast.organization))
    session.commit()
    return Pair(cast.organization, twin.id, belongings(session, twin.id))


@pytest.fixture
def merged(rep, duplicates: Pair) -> Pair:
    """The duplicate, merged into the wrestling club."""
    answer = rep.post(f"/organizations/{duplicates.kept}/merge", {"other": duplicates.other})
    assert answer.status_code == 303
    return duplicates
