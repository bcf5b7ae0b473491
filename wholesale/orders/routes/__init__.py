"""The orders' pages: the list, one order, and entry on the grid."""

from wholesale.orders.routes import entry, list, page, paste, steps  # noqa: F401
