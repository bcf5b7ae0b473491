"""The catalog's pages: products, price lists and what a customer pays."""

from wholesale.catalog.routes import price_entries, price_list, price_lists, prices, products  # noqa: F401
