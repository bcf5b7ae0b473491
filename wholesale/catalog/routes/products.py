"""The product list and pages."""

from typing import Any

from flask import request, url_for
from flask_login import current_user
from sqlalchemy import Select

from wholesale.access.gate import require
from wholesale.audit.pages import history_page
from wholesale.audit.queries import history
from wholesale.catalog import blueprint, queries
from wholesale.catalog.forms import ProductFilter
from wholesale.catalog.models import Category, Product, SizeRun
from wholesale.extensions import db
from wholesale.web.forms import choices
from wholesale.web.lists import list_answer, list_file
from wholesale.web.pages import Answer, page

COLUMNS = {
    "SKU": Product.sku,
    "Name": Product.name,
    "Category": Category.name,
    "Size run": SizeRun.name,
    "Base price": Product.base_price,
    "Surcharges": queries.surcharges_in_words(),
    "Minimum quantity": Product.min_quantity,
    "Order multiple": Product.order_multiple,
    "Lead time (days)": Product.lead_time_days,
    "Decoration": Product.decoration,
    "Description": Product.description,
}


def _filter() -> ProductFilter:
    form = ProductFilter(request.args)
    form.category.choices = choices(
        queries.categories(db.session), lambda c: c.name, "Any category"
    )
    return form


def _wanted(form: ProductFilter) -> Select[Any]:
    return queries.listed_products(form.q.data or "", form.category.data)


@blueprint.get("/products")
@require("catalog:read")
def products() -> Answer:
    """List products; the query string says which."""
    return list_answer("catalog/products.html", _filter(), _wanted, queries.LISTING)


@blueprint.get("/products.<any(csv, xlsx):kind>")
@require("catalog:read")
def products_file(kind: str) -> Answer:
    """Download what the list shows."""

    def named(form: ProductFilter) -> Select[Any]:
        return _wanted(form).join(Product.category).join(Product.size_run)

    return list_file(kind, "products", COLUMNS, _filter(), named, queries.LISTING)


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
