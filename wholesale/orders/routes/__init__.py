"""The orders' pages: lists and changes of many, one order, the grid, a lead that becomes one."""

from wholesale.orders.routes import bulk, conversion, entry, list, page, steps  # noqa: F401
