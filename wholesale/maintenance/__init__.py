"""Floor 4: maintenance, during which the data can be read but not written."""

from flask import Blueprint

blueprint = Blueprint("maintenance", __name__)

from wholesale.maintenance import routes  # noqa: E402, F401
