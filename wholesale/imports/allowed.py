"""What the person may write: rows that touch what is others' are errors, each by itself."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.access.matrix import Scope
from wholesale.access.queries import scope_of
from wholesale.accounts.models import User
from wholesale.customers.models import Organization
from wholesale.imports.entries import Entry
from wholesale.imports.kinds import has_all
from wholesale.imports.mapping import Target
from wholesale.imports.writing import changes
from wholesale.orders.models import Order
from wholesale.orders.workflow import OPEN_FOR_ENTRY, OrderStatus

FOREIGN_ORDER = "This is somebody else's order."
Rule = Callable[[Session, User, Target, list[Entry]], None]


def refuse_foreign(session: Session, actor: User, target: Target, entries: list[Entry]) -> None:
    """Blame the entries that would make or change what ``actor`` may not."""
    touching = [entry for entry in entries if entry.before is None or changes(target, entry)]
    rule = _RULES.get(target.record.name)
    if rule and touching:
        rule(session, actor, target, touching)


def hold_orders(session: Session, target: Target, entries: list[Entry]) -> None:
    """Lock the orders that the entries name: where they are stays so until the run ends."""
    if target.record.name == "orders":
        named = Order.code.in_({entry.values["code"] for entry in entries})
    elif target.record.name == "order_lines":
        named = Order.id.in_({entry.values["order_id"] for entry in entries})
    else:
        return
    query = select(Order.id).where(named).order_by(Order.id)
    session.execute(query.with_for_update(key_share=True))


def refuse_unseen(actor: User, target: Target, entries: list[Entry]) -> None:
    """Blame rows about orders that ``actor`` may not see, before anything is told of them."""
    if target.record.name == "orders" and not has_all(actor, "orders:read"):
        for entry in entries:
            if entry.before is not None and entry.before["salesperson_id"] != actor.id:
                entry.blame(target, "code", FOREIGN_ORDER)


def _organizations(_: Session, actor: User, target: Target, entries: list[Entry]) -> None:
    if has_all(actor, "organizations:write"):
        return
    for entry in entries:
        named = entry.values.get("salesperson_id")
        if named not in (None, actor.id):
            entry.blame(target, "salesperson", "You may import only your own customers.")
        elif entry.before is not None and entry.before["salesperson_id"] != actor.id:
            entry.blame(target, "name", "This is somebody else's customer.")
        elif entry.before is None or "salesperson_id" in entry.values:
            entry.values["salesperson_id"] = actor.id


def _contacts(session: Session, actor: User, target: Target, entries: list[Entry]) -> None:
    if has_all(actor, "contacts:write"):
        return
    wanted = {entry.values["organization_id"] for entry in entries}
    query = select(Organization.id).where(
        Organization.id.in_(wanted), Organization.salesperson_id == actor.id
    )
    mine = set(session.scalars(query))
    for entry in entries:
        if entry.values["organization_id"] not in mine:
            entry.blame(target, "organization", "This is somebody else's customer.")


def _orders(_: Session, actor: User, target: Target, entries: list[Entry]) -> None:
    sells = scope_of(actor, "orders:read") is Scope.OWN or not has_all(actor, "orders:update")
    for entry in entries:
        if entry.before is None:
            entry.fresh["created_by_id"] = actor.id
        elif entry.before["code"] is not None:
            _refuse_closed(target, "code", entry, entry.before["status"])
    if has_all(actor, "orders:update"):
        if sells:
            _own_new(actor, entries)
        return
    for entry in entries:
        if entry.values.get("salesperson_id") not in (None, actor.id):
            entry.blame(target, "salesperson", "You may import only your own orders.")
        elif entry.before is not None and entry.before["salesperson_id"] != actor.id:
            entry.blame(target, "code", FOREIGN_ORDER)
    _own_new(actor, entries)


def _own_new(actor: User, entries: list[Entry]) -> None:
    for entry in entries:
        if entry.before is None:
            entry.fresh["salesperson_id"] = actor.id


def _order_lines(session: Session, actor: User, target: Target, entries: list[Entry]) -> None:
    wanted = {entry.values["order_id"] for entry in entries}
    query = select(Order.id, Order.status, Order.salesperson_id).where(Order.id.in_(wanted))
    orders = {row.id: row for row in session.execute(query)}
    everybodys = has_all(actor, "orders:update")
    for entry in entries:
        order = orders[entry.values["order_id"]]
        if not everybodys and order.salesperson_id != actor.id:
            entry.blame(target, "order", FOREIGN_ORDER)
        else:
            _refuse_closed(target, "order", entry, order.status)


def _refuse_closed(target: Target, name: str, entry: Entry, status: str) -> None:
    if status not in OPEN_FOR_ENTRY:
        label = OrderStatus(status).label.lower()
        entry.blame(target, name, f"The order is {label}: it stands as it is.")


_RULES: dict[str, Rule] = {
    "organizations": _organizations,
    "contacts": _contacts,
    "orders": _orders,
    "order_lines": _order_lines,
}
