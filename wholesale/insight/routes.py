"""The dashboard, and the search over everything a person may see."""

from flask import redirect, url_for
from flask_login import current_user

from wholesale.access.gate import signed_in
from wholesale.access.queries import may
from wholesale.catalog.queries import pick_products
from wholesale.customers.queries import pick_organizations
from wholesale.extensions import db
from wholesale.insight import blueprint, queries
from wholesale.orders.queries import drafts_of, pick_orders
from wholesale.web.pages import Answer, page, typed


@blueprint.get("/")
@signed_in
def dashboard() -> Answer:
    """Show what is open, and what was placed last."""
    return page(
        "insight/dashboard.html",
        stages=queries.open_orders_by_status(db.session, current_user),
        latest=queries.latest_orders(db.session, current_user),
        drafts=drafts_of(db.session, current_user),
    )


@blueprint.get("/search")
@signed_in
def search() -> Answer:
    """Find orders, customers and products; a complete order code opens the order."""
    q = typed()
    orders = pick_orders(db.session, current_user, q)
    if len(orders) == 1 and orders[0].code == q.upper():
        return redirect(url_for("orders.order", ref=orders[0].code))
    sees_customers = may(current_user, "organizations:read")
    sees_products = may(current_user, "catalog:read")
    return page(
        "insight/search.html",
        q=q,
        orders=orders,
        organizations=pick_organizations(db.session, current_user, q) if sees_customers else [],
        products=pick_products(db.session, q) if sees_products else [],
    )
