"""Floor 4: what we sell: products, their variants and the size runs they come in."""

from flask import Blueprint

blueprint = Blueprint("catalog", __name__)

from wholesale.catalog import files, routes  # noqa: E402, F401
