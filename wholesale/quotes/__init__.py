"""Floor 5: quotes, their revisions, and what customers decided of them."""

from flask import Blueprint

blueprint = Blueprint("quotes", __name__)

from wholesale.quotes import files, routes, tasks  # noqa: E402, F401
