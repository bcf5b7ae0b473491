"""Orders as a list, a board or a calendar, with the same filters, and their download."""

from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import Integer, Select, false, func, true
from wtforms.fields.choices import SelectChoice

from wholesale.access.gate import require
from wholesale.access.queries import may
from wholesale.accounts.models import User
from wholesale.accounts.queries import salespeople
from wholesale.catalog.models import Variant
from wholesale.core.clock import today
from wholesale.customers.models import Organization
from wholesale.customers.queries import organization
from wholesale.extensions import db
from wholesale.orders import blueprint, queries
from wholesale.orders.board import board
from wholesale.orders.bulk import assigns
from wholesale.orders.calendar import month
from wholesale.orders.forms import BOARD, LIST, OrderFilter
from wholesale.orders.models import Order, OrderLine
from wholesale.orders.statuses import Priority
from wholesale.web.filters import reader_zone
from wholesale.web.forms import choices
from wholesale.web.lists import RESULTS, list_answer, list_file, list_page
from wholesale.web.pages import Answer, fragments, here, page, partial, target_id

TEMPLATE = "orders/orders.html"
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
    form.salesperson.choices = people("Any salesperson")
    return form


def people(empty: str) -> list[SelectChoice]:
    """Return who sells, to choose from, with ``empty`` as the words for nobody."""
    return choices(salespeople(db.session), lambda person: person.name, empty)


def _wanted(form: OrderFilter) -> Select[Any]:
    return queries.listed_orders(current_user, form.data, reader_zone().key)


def _named(form: OrderFilter) -> Select[Any]:
    return queries.with_names(_wanted(form))


@blueprint.get("/orders")
@require("orders:read")
def orders() -> Answer:
    """Show orders as a list, by status or by day; the query string says which."""
    form = _filter()
    if target_id() == PANEL and form.validate():
        found = list_page(queries.LISTING, _named(form))
        return fragments(partial("orders/_panel.html", found=found))
    customer = form.organization.data
    shown = organization(db.session, current_user, customer) if customer else None
    context: dict[str, Any] = {
        "customer": shown,
        "view": form.shown_view,
        "today": today(reader_zone().key),
    }
    if form.shown_view == LIST:
        context |= {"may_update": may(current_user, "orders:update")}
        context |= {"assigns": assigns(current_user), "priorities": list(Priority)}
        return list_answer(TEMPLATE, form, _named, queries.LISTING, **context)
    valid = form.validate()
    return page(
        TEMPLATE,
        blocks={RESULTS: RESULTS},
        url=here() if target_id() == RESULTS else None,
        status=200 if valid else 422,
        form=form,
        **context,
        **(_board(form, valid) if form.shown_view == BOARD else _calendar(form, valid)),
    )


def _board(form: OrderFilter, valid: bool) -> dict[str, Any]:
    return {"columns": board(db.session, _wanted(form), form.stages) if valid else []}


def _calendar(form: OrderFilter, valid: bool) -> dict[str, Any]:
    """Return the month asked for; cancelled orders are wanted on no day, unless asked for."""
    query = queries.visible_orders(current_user).where(false())
    if valid:
        also = {} if form.status.data else {"sold": True}
        query = queries.listed_orders(current_user, form.data | also, reader_zone().key)
    present = today(reader_zone().key).replace(day=1)
    shown = month(db.session, query, form.month.data or present)
    return {"month": shown, "this_month": present}


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
