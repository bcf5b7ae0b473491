"""The list of orders, and its download."""

from flask import request
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.accounts.models import User
from wholesale.accounts.queries import salespeople
from wholesale.customers.models import Organization
from wholesale.customers.queries import organization
from wholesale.extensions import db
from wholesale.orders import blueprint, queries
from wholesale.orders.forms import OrderFilter
from wholesale.orders.models import Order
from wholesale.web.forms import choices
from wholesale.web.lists import list_file, list_page
from wholesale.web.pages import Answer, fragments, here, page, partial, target_id

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


def _filter() -> OrderFilter:
    form = OrderFilter(request.args)
    form.salesperson.choices = choices(
        salespeople(db.session), lambda person: person.name, "Any salesperson"
    )
    return form


@blueprint.get("/orders")
@require("orders:read")
def orders() -> Answer:
    """List orders; the query string says which."""
    form = _filter()
    valid = form.validate()
    query = queries.listed_orders(current_user, form.data, current_user.time_zone)
    found = list_page(queries.LISTING, queries.with_names(query), valid=valid)
    customer = form.organization.data
    if target_id() == "organization-orders":
        return fragments(partial("orders/_panel.html", found=found))
    return page(
        "orders/orders.html",
        blocks={"results": "results"},
        status=200 if valid else 422,
        url=here() if target_id() == "results" else None,
        form=form,
        found=found,
        customer=organization(db.session, current_user, customer) if customer else None,
    )


@blueprint.get("/orders.<any(csv, xlsx):kind>")
@require("orders:read")
def orders_file(kind: str) -> Answer:
    """Download exactly what the list shows, in its order."""
    form = _filter()
    valid = form.validate()
    query = queries.listed_orders(current_user, form.data, current_user.time_zone)
    named = query.join(Order.organization).outerjoin(Order.salesperson)
    return list_file(kind, "orders", COLUMNS, queries.LISTING, named, valid=valid)
