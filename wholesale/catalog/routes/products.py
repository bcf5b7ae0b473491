"""The product list, its downloads, and a product's page."""

from typing import Any

from flask import request, url_for
from flask_login import current_user
from sqlalchemy import Select, select

from wholesale.access.gate import require
from wholesale.audit.pages import history_page
from wholesale.audit.queries import history
from wholesale.catalog import blueprint, queries
from wholesale.catalog.forms import ProductFilter, UploadForm
from wholesale.catalog.grid import Entry, columns_for
from wholesale.catalog.models import Category, Product, SizeRun, Variant
from wholesale.extensions import db
from wholesale.web.forms import choices
from wholesale.web.lists import list_answer, list_file
from wholesale.web.pages import Answer, page

COLUMNS = {
    "SKU": Product.sku,
    "Name": Product.name,
    "Description": Product.description,
    "Category": Category.name,
    "Size run": SizeRun.name,
    "Base price": Product.base_price,
    "Minimum quantity": Product.min_quantity,
    "Order multiple": Product.order_multiple,
    "Lead time (days)": Product.lead_time_days,
    "Decoration": Product.decoration,
    "Surcharges": queries.surcharge_words(),
    "Archived": Product.archived_at.is_not(None),
}
VARIANT_COLUMNS = {
    "Code": Variant.code,
    "Product (SKU)": Product.sku,
    "Colour": Variant.colour,
    "Material": Variant.material,
    "Price": Variant.price,
    "Cost": Variant.cost,
    "Archived": Variant.archived_at.is_not(None),
}
BLOCKS = {name: name for name in ("details", "terms", "sizes", "images", "variants")}


def _filter() -> ProductFilter:
    form = ProductFilter(request.args)
    form.category.choices = choices(
        queries.categories(db.session), lambda c: c.label, "Any category"
    )
    return form


def _wanted(form: ProductFilter) -> Select[Any]:
    return queries.listed_products(**_asked(form))


def _asked(form: ProductFilter) -> dict[str, Any]:
    """Return what the list shall show: where nothing holds the words, what resembles them."""
    wanted = dict(form.data)
    if not wanted["q"] or form.errors or wanted["archived"]:
        return wanted
    if db.session.scalar(select(queries.listed_products(**wanted).exists())):
        return wanted
    keys = queries.similar_keys(db.session, wanted["q"])
    form.is_similar = bool(keys)
    return wanted | {"similar": keys}


@blueprint.get("/products")
@require("catalog:read")
def products() -> Answer:
    """List products; the query string says which."""
    return list_answer("catalog/products.html", _filter(), _wanted, queries.LISTING)


@blueprint.get("/products.<any(csv, xlsx):kind>")
@require("catalog:read")
def products_file(kind: str) -> Answer:
    """Download what the list shows, with all that a new import needs."""

    def named(form: ProductFilter) -> Select[Any]:
        return _wanted(form).join(Product.category).join(Product.size_run)

    return list_file(kind, "products", COLUMNS, _filter(), named, queries.LISTING)


@blueprint.get("/variants.<any(csv, xlsx):kind>")
@require("catalog:read")
def variants_file(kind: str) -> Answer:
    """Download the variants of what the list shows; cost for those who may see it."""
    shown = dict(VARIANT_COLUMNS)
    if not current_user.may("costs:read"):
        del shown["Cost"]

    def wanted(form: ProductFilter) -> Select[Any]:
        return queries.listed_variants(**_asked(form))

    return list_file(kind, "variants", shown, _filter(), wanted, queries.VARIANTS)


@blueprint.get("/products/<code:sku>")
@require("catalog:read")
def product(sku: str) -> Answer:
    """Show one product with its variants."""
    return product_page(queries.product(db.session, sku))


def product_page(
    found: Product,
    *,
    entry: Entry | None = None,
    upload: UploadForm | None = None,
    status: int = 200,
) -> Answer:
    """Answer with a product's page; ``entry`` is what of its grid was not written."""
    return page(
        "catalog/product.html",
        blocks=BLOCKS,
        status=status,
        product=found,
        may_write=current_user.may("catalog:write"),
        columns=columns_for(current_user),
        entry=entry or Entry(),
        upload=upload or UploadForm(),
    )


@blueprint.get("/products/<code:sku>/history")
@require("catalog:read")
def product_history(sku: str) -> Answer:
    """Show who changed what of one product; cost only to those who may see it."""
    found = queries.product(db.session, sku)
    variants = [variant.id for variant in found.variants]
    entries = history(db.session, ("products", [found.id]), ("variants", variants))
    hidden = () if current_user.may("costs:read") else ("cost",)
    shown = [e for e in entries if e.action != "updated" or set(e.after or {}) - set(hidden)]
    return history_page(shown, found.sku, url_for("catalog.product", sku=found.sku), hidden)
