"""Floor 4: the links that lead customers to one document without an account."""

from flask import Blueprint

blueprint = Blueprint("links", __name__)

from wholesale.links import routes  # noqa: E402, F401
