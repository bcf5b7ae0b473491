"""Floor 5: orders, their line items, and the size grid they are entered on."""

from flask import Blueprint

blueprint = Blueprint("orders", __name__)

from wholesale.orders import files, routes  # noqa: E402, F401
