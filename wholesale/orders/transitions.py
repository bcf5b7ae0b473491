"""Moving an order on: the only writer of its status."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wholesale.access.queries import Actor, may
from wholesale.audit.recording import note
from wholesale.catalog.models import Product
from wholesale.core.clock import now
from wholesale.core.errors import DomainError, Invalid, NotPermitted
from wholesale.orders import ports
from wholesale.orders.models import Order, OrderLine
from wholesale.orders.queries import reaches
from wholesale.orders.statuses import CLOSED
from wholesale.orders.workflow import (
    Facts,
    Gate,
    OpenGate,
    OrderStatus,
    Transition,
    transition_named,
    transitions_from,
)

NET = "net"
OVERRIDE = "orders:override"


class Blocked(DomainError):
    """Gates stand open; ``gates`` says which and why."""

    def __init__(self, transition: Transition, gates: list[OpenGate]) -> None:
        words = " ".join(f"{gate.gate.label}: {gate.reason}" for gate in gates)
        super().__init__(f"{transition.label} has to wait. {words}")
        self.gates = gates


def facts_of(session: Session, order: Order) -> Facts:
    """Return what the gates ask about ``order``."""
    styles = session.execute(
        select(
            Product.name,
            Product.min_quantity,
            Product.order_multiple,
            func.count(OrderLine.id),
            func.sum(OrderLine.qty_total),
        )
        .join(OrderLine, OrderLine.product_id == Product.id)
        .where(OrderLine.order_id == order.id)
        .group_by(Product.id)
        .order_by(Product.name)
    ).all()
    return Facts(
        has_contact_email=bool(order.contact and order.contact.email),
        lines=sum(style[3] for style in styles),
        short=tuple(
            words for name, *rules, _, units in styles if (words := _short(name, units, *rules))
        ),
        needs_no_design=order.needs_no_design,
        sizes_confirmed=order.sizes_confirmed_at is not None,
        has_credit=order.status == OrderStatus.INVOICED and _has_credit(session, order),
        tracked=ports.answers(session, order),
    )


def _short(name: str, units: int, minimum: int, multiple: int) -> str:
    """Say in which way a style's units break its rules; nothing when they do not."""
    if units < minimum:
        return f"{name}: {units:,} of at least {minimum:,}"
    if units % multiple:
        return f"{name}: {units:,} is no multiple of {multiple:,}"
    return ""


def _has_credit(session: Session, order: Order) -> bool:
    """Tell whether the customer has net terms and its open orders lie within its limit."""
    customer = order.organization
    if not (customer.payment_terms or "").lower().startswith(NET):
        return False
    closed = (OrderStatus.COMPLETED, OrderStatus.CANCELLED)
    owed = session.scalar(
        select(func.sum(Order.total)).where(
            Order.organization_id == customer.id,
            Order.code.is_not(None),
            Order.status.not_in(closed),
        )
    )
    return (owed or 0) <= customer.credit_limit


@dataclass(frozen=True)
class Steps:
    """Where an order may go for one person: the next step with its gates, and other ways."""

    onward: Transition | None
    gates: list[tuple[Gate, OpenGate | None]]
    others: list[Transition]
    may_pass: bool

    @property
    def is_blocked(self) -> bool:
        """Whether an open gate stands before the next step that this person may not pass."""
        return any(found for _, found in self.gates) and not self.may_pass

    @property
    def is_passing(self) -> bool:
        """Whether the next step goes past open gates, which takes a reason."""
        return any(found for _, found in self.gates) and self.may_pass


def steps_of(session: Session, order: Order, by: Actor) -> Steps:
    """Return where ``order``, a placed one, may go for ``by``."""
    ways = [t for t in transitions_from(order.stage) if reaches(by, order, t.permission)]
    onward = next((t for t in ways if not t.needs_reason), None)
    found = onward.open_gates(facts_of(session, order)) if onward else []
    gates = {gate.gate.name: gate for gate in found}
    return Steps(
        onward,
        [(gate, gates.get(gate.name)) for gate in onward.gates] if onward else [],
        [t for t in ways if t is not onward],
        may_pass=may(by, OVERRIDE) and all(gate.admin_may_pass for gate in found),
    )


def apply(
    session: Session, order: Order, name: str, seen: str, by: Actor, reason: str = ""
) -> bool:
    """Move ``order`` (locked) by the transition ``name``; False when it was moved so before.

    ``seen`` is the status that the person saw. Raises Invalid without a reason that is
    needed, NotPermitted, Blocked with the open gates, and DomainError when somebody else
    moved the order meanwhile.
    """
    transition = transition_named(name)
    if transition is None or order.is_draft:
        raise Invalid("There is no such step.")
    if order.status == transition.target and seen in transition.sources:
        return False  # a second click, or an answer that got lost
    if order.status != seen or seen not in transition.sources:
        raise DomainError(f"The order is {order.stage.label.lower()} meanwhile. Look again.")
    if not reaches(by, order, transition.permission):
        raise NotPermitted("Your role may not take this step.")
    passed = _passed(transition, facts_of(session, order), by)
    if (passed or transition.needs_reason) and not reason:
        raise Invalid("Say why: it is kept with the order.", reason="Say why.")
    before, order.status = order.status, transition.target.value
    if transition.target not in CLOSED:
        order.archived_at = None  # work again, so in the lists again
    names = [gate.gate.label for gate in passed] or None
    moved = {"from": before, "to": order.status, "reason": reason or None, "passed": names}
    note(session, "moved", "orders", order.id, **moved)
    return True


def _passed(transition: Transition, facts: Facts, by: Actor) -> list[OpenGate]:
    """Return the open gates that ``by`` may pass; raises Blocked when there are others."""
    found = transition.open_gates(facts)
    if found and not (may(by, OVERRIDE) and all(gate.admin_may_pass for gate in found)):
        raise Blocked(transition, found)
    return found


def confirm_sizes(session: Session, order: Order, *, confirmed: bool) -> None:
    """Note that the sizes stand as they are, or take that back. Raises DomainError."""
    if not order.is_open_for_entry or order.is_draft:
        raise DomainError("Sizes are confirmed while the order is open for entry.")
    if confirmed and not order.units:
        raise DomainError("The order has no units yet: fill the sizes first.")
    order.sizes_confirmed_at = (order.sizes_confirmed_at or now()) if confirmed else None
