"""Health of the running application."""

from flask import Blueprint

blueprint = Blueprint("system", __name__)

from wholesale.system import routes  # noqa: E402, F401
