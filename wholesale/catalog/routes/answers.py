"""What the catalog's pages share: the question before deleting, breadcrumbs, the title."""

from collections.abc import Mapping

from flask import url_for
from markupsafe import Markup

from wholesale.catalog.models import Product
from wholesale.web.pages import Answer, page, partial

COUNTED = {
    "order_lines": ("order line", "order lines"),
    "price_entries": ("price of a price list", "prices of price lists"),
    "products": ("product, archived ones counted", "products, archived ones counted"),
    "categories": ("category within it", "categories within it"),
}


def deletion_page(
    name: str,
    against: Mapping[str, int],
    *,
    url: str,
    back: str,
    trail: list[tuple[str, str]],
    links: Mapping[str, str],
    also: str = "",
    archive: str | None = None,
    status: int = 200,
) -> Answer:
    """Answer with what stands against deleting ``name``, or with the question whether to.

    ``links`` leads from a table to a page with its rows; ``archive`` is where to send it
    instead; ``also`` says what goes along with it.
    """
    rows = [(*_words(table, count), links.get(table)) for table, count in against.items()]
    return page(
        "catalog/deletion.html",
        status=status,
        name=name,
        against=rows,
        action=url,
        back=back,
        trail=trail,
        also=also,
        archive=archive,
    )


def _words(table: str, count: int) -> tuple[int, str]:
    one, many = COUNTED.get(table, (table.replace("_", " "), table.replace("_", " ")))
    return count, one if count == 1 else many


def product_trail(product: Product) -> list[tuple[str, str]]:
    """Return the breadcrumb down to a product, as labels and addresses."""
    return [
        ("Catalog", url_for("catalog.products")),
        (product.sku, url_for("catalog.product", sku=product.sku)),
    ]


def users_of(product: Product) -> dict[str, str]:
    """Return table → the page with its rows that refer to a product."""
    return {
        "order_lines": url_for("orders.orders", product=product.id),
        "price_entries": url_for("catalog.product_prices", sku=product.sku),
    }


def moved(product: Product) -> str:
    """Render what of the shell changes with a product: title, breadcrumb, the rail's mark."""
    crumbs = Markup(partial("catalog/_crumbs.html", product=product))  # noqa: S704 - our template
    return partial("shell/_moved.html", title=product.name, crumbs=crumbs)
