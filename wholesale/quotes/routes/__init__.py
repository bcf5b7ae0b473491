"""The quotes' pages: the list, one quote, entry on the grid, sending, what customers see."""

from wholesale.quotes.routes import (  # noqa: F401
    conversion,
    customer,
    documents,
    entry,
    list,
    page,
    steps,
)
