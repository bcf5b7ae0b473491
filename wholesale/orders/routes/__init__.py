"""The orders' pages: the list, one order, and entry on the grid."""

from wholesale.orders.routes import entry, list, page  # noqa: F401
