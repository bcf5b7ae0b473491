"""Floor 4: the organizations we sell to and the people there."""

from flask import Blueprint

blueprint = Blueprint("customers", __name__)

from wholesale.customers import files, routes, tasks  # noqa: E402, F401
