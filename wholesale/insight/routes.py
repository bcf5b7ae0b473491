"""The dashboard, and the search over everything a person may see."""

from typing import Any

from flask import redirect, request, url_for
from flask_login import current_user

from wholesale.access.gate import require, signed_in
from wholesale.access.matrix import Scope
from wholesale.access.queries import may, scope_of
from wholesale.catalog.queries import pick_products
from wholesale.core.clock import today
from wholesale.customers import operations
from wholesale.customers.queries import organization, pick_organizations
from wholesale.extensions import db
from wholesale.insight import blueprint, queries
from wholesale.insight.dashboard import dashboard as figures
from wholesale.insight.hub import tiles
from wholesale.insight.organization import summary
from wholesale.insight.timeline import timeline
from wholesale.leads.queries import pick_leads
from wholesale.orders.queries import drafts_of, pick_orders
from wholesale.quotes.queries import pick_quotes
from wholesale.web.filters import reader_zone
from wholesale.web.pages import Answer, fragments, page, partial, target_id, typed


@blueprint.get("/")
@signed_in
def dashboard() -> Answer:
    """Show what waits for the person, how things stand, and what was placed last."""
    zone = reader_zone().key
    sees_orders = may(current_user, "orders:read")
    return page(
        "insight/dashboard.html",
        tiles=tiles(db.session, current_user, zone),
        board=figures(db.session, current_user, zone),
        sees_orders=sees_orders,
        latest=queries.latest_orders(db.session, current_user) if sees_orders else [],
        drafts=drafts_of(db.session, current_user),
    )


@blueprint.get("/search")
@signed_in
def search() -> Answer:
    """Find quotes, orders, leads, customers and products; a complete code opens its record."""
    q = typed()
    orders = pick_orders(db.session, current_user, q)
    if len(orders) == 1 and orders[0].code == q.upper():
        return redirect(url_for("orders.order", ref=orders[0].code))
    quotes = pick_quotes(db.session, current_user, q)
    if len(quotes) == 1 and quotes[0].code == q.upper():
        return redirect(url_for("quotes.quote", ref=quotes[0].code))
    leads = pick_leads(db.session, current_user, q)
    if len(leads) == 1 and leads[0].code == q.upper():
        return redirect(url_for("leads.lead", code=leads[0].code))
    sees_customers = may(current_user, "organizations:read")
    sees_products = may(current_user, "catalog:read")
    return page(
        "insight/search.html",
        q=q,
        orders=orders,
        quotes=quotes,
        leads=leads,
        organizations=pick_organizations(db.session, current_user, q) if sees_customers else [],
        products=pick_products(db.session, q) if sees_products else [],
    )


@blueprint.get("/organizations/<key:key>/summary")
@require("organizations:read")
def organization_summary(key: int) -> Answer:
    """Show a customer's figures and what comes next; a panel of its page."""
    found = organization(db.session, current_user, key)
    zone = reader_zone().key
    return page(
        "insight/summary.html",
        blocks={"organization-summary": "summary"},
        organization=found,
        summary=summary(db.session, current_user, key, zone),
        today=today(zone),
        only_mine=scope_of(current_user, "orders:read") is Scope.OWN,
        may_write=operations.may_write(current_user, found) and found.merged_into_id is None,
    )


@blueprint.get("/organizations/<key:key>/timeline")
@require("organizations:read")
def organization_timeline(key: int) -> Answer:
    """Show what happened with a customer, a page at a time; a panel of its page."""
    found = organization(db.session, current_user, key)
    shown: dict[str, Any] = {
        "organization": found,
        "timeline": timeline(db.session, current_user, key, request.args.get("after")),
        "writes_all": scope_of(current_user, "organizations:write") is Scope.ALL,
        "may_author": may(current_user, "organizations:write"),
        "may_write": operations.may_write(current_user, found) and found.merged_into_id is None,
    }
    if target_id() == "timeline-more":
        return fragments(partial("insight/_more.html", **shown))
    return page("insight/timeline.html", blocks={"organization-timeline": "timeline"}, **shown)
