"""Whom an order's steps are told: the salesperson by their choice, the customer where asked."""

from typing import Any

from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.mail.operations import write_mail
from wholesale.notifications.operations import notify
from wholesale.orders.models import Order
from wholesale.web.urls import path_to


def tell_step(session: Session, order: Order, by: User, step: str, reason: str) -> None:
    """Tell of the ``step`` that ``by`` has just taken with ``order``."""
    if step == "ask_sizes":
        _ask_for_sizes(session, order, by)
    if order.salesperson_id == by.id:
        return
    words = f"{order.code} ({order.organization.name}) is {order.stage.label.lower()}"
    path = path_to("orders.order", ref=order.ref)
    kind = "order_status"
    notify(session, order.salesperson_id, kind, words, path, mail=kind, reason=reason)


def _ask_for_sizes(session: Session, order: Order, by: User) -> None:
    """Write to the contact which sizes are wanted; the step's gate wants their address."""
    contact = order.contact
    if contact is None or not contact.email or contact.is_archived:
        return
    styles = list(dict.fromkeys(line.product.name for line in order.lines))
    known: dict[str, Any] = {"order": order, "contact": contact, "styles": styles, "sender": by}
    write_mail(session, contact.email, "sizes_wanted", reply_to=by.email, **known)
