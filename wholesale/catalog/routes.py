"""The product list and pages."""

from flask import request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.audit.pages import history_page
from wholesale.audit.queries import history
from wholesale.catalog import blueprint, queries
from wholesale.catalog.forms import ProductFilter
from wholesale.catalog.models import Category, Product, SizeRun
from wholesale.extensions import db
from wholesale.web.forms import choices
from wholesale.web.lists import list_file, list_page
from wholesale.web.pages import Answer, here, page, target_id

COLUMNS = {
    "SKU": Product.sku,
    "Name": Product.name,
    "Category": Category.name,
    "Size run": SizeRun.name,
    "Base price": Product.base_price,
    "Minimum quantity": Product.min_quantity,
    "Lead time (days)": Product.lead_time_days,
}


def _filter() -> ProductFilter:
    form = ProductFilter(request.args)
    form.category.choices = choices(
        queries.categories(db.session), lambda c: c.name, "Any category"
    )
    return form


@blueprint.get("/products")
@require("catalog:read")
def products() -> Answer:
    """List products; the query string says which."""
    form = _filter()
    valid = form.validate()
    query = queries.listed_products(form.q.data or "", form.category.data)
    return page(
        "catalog/products.html",
        blocks={"results": "results"},
        url=here() if target_id() == "results" else None,
        status=200 if valid else 422,
        form=form,
        found=list_page(queries.LISTING, query, valid=valid),
    )


@blueprint.get("/products.<any(csv, xlsx):kind>")
@require("catalog:read")
def products_file(kind: str) -> Answer:
    """Download what the list shows."""
    form = _filter()
    valid = form.validate()
    query = queries.listed_products(form.q.data or "", form.category.data)
    named = query.join(Product.category).join(Product.size_run)
    return list_file(kind, "products", COLUMNS, queries.LISTING, named, valid=valid)


@blueprint.get("/products/<sku>")
@require("catalog:read")
def product(sku: str) -> Answer:
    """Show one product with its variants."""
    found = queries.product(db.session, sku)
    return page("catalog/product.html", product=found, sees_cost=current_user.may("costs:read"))


@blueprint.get("/products/<sku>/history")
@require("catalog:read")
def product_history(sku: str) -> Answer:
    """Show who changed what of one product; cost only to those who may see it."""
    found = queries.product(db.session, sku)
    variants = [variant.id for variant in found.variants]
    entries = history(db.session, ("products", [found.id]), ("variants", variants))
    hidden = () if current_user.may("costs:read") else ("cost",)
    return history_page(entries, found.sku, url_for("catalog.product", sku=found.sku), hidden)
