"""The catalog's pages: products with variants and images, categories, size runs, prices."""

from wholesale.catalog.routes import (  # noqa: F401
    categories,
    editing,
    images,
    making,
    prepacks,
    price_entries,
    price_list,
    price_lists,
    prices,
    products,
    size_runs,
    variants,
)
