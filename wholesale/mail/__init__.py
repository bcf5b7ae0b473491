"""Floor 3: the outbox of mails."""

from flask import Blueprint

blueprint = Blueprint("mail", __name__)

from wholesale.mail import routes  # noqa: E402, F401
