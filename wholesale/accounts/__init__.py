"""Floor 3: the people who sign in, and their sessions."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)

from wholesale.accounts import routes, tasks  # noqa: E402, F401
