"""Floor 3: the queue. A job exists if and only if the change that needs it does."""

from flask import Blueprint

blueprint = Blueprint("jobs", __name__)

from wholesale.jobs import routes, tasks  # noqa: E402, F401
