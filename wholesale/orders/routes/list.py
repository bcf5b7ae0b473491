"""The list of orders, and its download."""

from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import Integer, Select, func, true

from wholesale.access.gate import require
from wholesale.accounts.models import User
from wholesale.accounts.queries import salespeople
from wholesale.catalog.models import Variant
from wholesale.customers.models import Organization
from wholesale.customers.queries import organization
from wholesale.extensions import db
from wholesale.orders import blueprint, queries
from wholesale.orders.forms import OrderFilter
from wholesale.orders.models import Order, OrderLine
from wholesale.web.filters import reader_zone
from wholesale.web.forms import choices
from wholesale.web.lists import list_answer, list_file, list_page
from wholesale.web.pages import Answer, fragments, partial, target_id

PANEL = "organization-orders"  # on an organization's page
COLUMNS = {
    "Order": Order.code,
    "Name": Order.name,
    "Customer number": Organization.reference,
    "Customer": Organization.name,
    "Salesperson": User.name,
    "Status": Order.status,
    "Priority": Order.priority,
    "Placed": Order.placed_at,
    "Requested delivery": Order.requested_delivery,
    "Units": Order.units,
    "Subtotal": Order.subtotal,
    "Freight": Order.freight,
    "Total": Order.total,
}


# One row per size of a line: what an import of orders reads.
CELL = func.jsonb_each_text(OrderLine.quantities).table_valued("key", "value", name="cell")
LINE_COLUMNS = {
    "Order": Order.code,
    "Customer number": Organization.reference,
    "Customer": Organization.name,
    "Variant": Variant.code,
    "Size": CELL.c.key,
    "Quantity": CELL.c.value.cast(Integer),
    "Unit price": OrderLine.unit_price,
    "Line discount %": OrderLine.discount_percent,
    "Line notes": OrderLine.notes,
    "Line total": OrderLine.line_total,
}


def _filter() -> OrderFilter:
    form = OrderFilter(request.args)
    form.salesperson.choices = choices(
        salespeople(db.session), lambda person: person.name, "Any salesperson"
    )
    return form


def _wanted(form: OrderFilter) -> Select[Any]:
    return queries.listed_orders(current_user, form.data, reader_zone().key)


def _named(form: OrderFilter) -> Select[Any]:
    return queries.with_names(_wanted(form))


@blueprint.get("/orders")
@require("orders:read")
def orders() -> Answer:
    """List orders; the query string says which."""
    form = _filter()
    if target_id() == PANEL:
        found = list_page(queries.LISTING, _named(form))
        return fragments(partial("orders/_panel.html", found=found))
    customer = form.organization.data
    shown = organization(db.session, current_user, customer) if customer else None
    return list_answer("orders/orders.html", form, _named, queries.LISTING, customer=shown)


@blueprint.get("/orders.<any(csv, xlsx):kind>")
@require("orders:read")
def orders_file(kind: str) -> Answer:
    """Download exactly what the list shows, in its order."""

    def joined(form: OrderFilter) -> Select[Any]:
        return _wanted(form).join(Order.organization).outerjoin(Order.salesperson)

    return list_file(kind, "orders", COLUMNS, _filter(), joined, queries.LISTING)


@blueprint.get("/order-lines.<any(csv, xlsx):kind>")
@require("orders:read")
def order_lines_file(kind: str) -> Answer:
    """Download the lines of the orders that the list shows, a row per size."""

    def joined(form: OrderFilter) -> Select[Any]:
        lines = _wanted(form).join(Order.organization).join(Order.lines).join(OrderLine.variant)
        return lines.join(CELL, true())

    return list_file(kind, "order-lines", LINE_COLUMNS, _filter(), joined, queries.LISTING)
