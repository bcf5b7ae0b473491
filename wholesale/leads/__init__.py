"""Floor 4: possible sales, from the first word to the first order."""

from flask import Blueprint

blueprint = Blueprint("leads", __name__)

from wholesale.leads import files, routes  # noqa: E402, F401
