"""Floor 3: the outbox of mails, and the service that takes them."""

from flask import Blueprint

blueprint = Blueprint("mail", __name__)

from wholesale.mail import routes, tasks  # noqa: E402, F401
