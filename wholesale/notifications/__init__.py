"""Floor 4: what people are told, in the app and by mail, by their own choice."""

from flask import Blueprint

blueprint = Blueprint("notifications", __name__)

from wholesale.notifications import routes, tasks  # noqa: E402, F401
