"""The orders' pages: the list, one order, entry on the grid, and a lead that becomes one."""

from wholesale.orders.routes import conversion, entry, list, page, steps  # noqa: F401
