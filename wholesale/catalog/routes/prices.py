"""What a product costs whom, at which quantity, and why."""

from flask import request
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.access.queries import may
from wholesale.catalog import blueprint, price_lists, pricing, queries
from wholesale.catalog.offers import Buyer, price_bases
from wholesale.catalog.price_forms import PricesFilter
from wholesale.core.clock import today
from wholesale.customers.queries import organization, pick_organizations
from wholesale.extensions import db
from wholesale.web.pages import Answer, here, page, target_id


@blueprint.get("/products/<code:sku>/prices")
@require("prices:read")
def product_prices(sku: str) -> Answer:
    """Show what a tier or a customer pays for each variant, with every step."""
    found = queries.product(db.session, sku)
    form = PricesFilter(request.args)
    valid = form.validate()
    sees_customers = may(current_user, "organizations:read")
    key = form.organization.data if valid and sees_customers else None
    customer = organization(db.session, current_user, key) if key else None
    day, pooled = today(current_user.time_zone), (form.quantity.data or 0) if valid else 0
    buyer = Buyer.of(customer) if customer else Buyer(form.tier.data or None if valid else None)
    bases = price_bases(db.session, buyer, [found], day)
    q = form.q.data or "" if valid and sees_customers else ""
    return page(
        "catalog/prices.html",
        blocks={"prices": "prices"},
        url=here() if target_id() == "prices" else None,
        status=200 if valid else 422,
        product=found,
        form=form,
        customer=customer,
        pooled=pooled,
        variants=[v for v in found.variants if not v.is_archived],
        prices={key: pricing.price(basis, pooled) for key, basis in bases.items()},
        bases=bases,
        lists=price_lists.lists_with_product(db.session, found.id, day),
        options=pick_organizations(db.session, current_user, q) if q else [],
    )
