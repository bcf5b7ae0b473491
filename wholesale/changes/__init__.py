"""Floor 6: change orders, by which a confirmed order is changed."""

from flask import Blueprint

blueprint = Blueprint("changes", __name__)

from wholesale.changes import routes  # noqa: E402, F401
