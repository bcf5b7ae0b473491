"""Floor 8: records from files, by a mapping that says which column means what."""

from flask import Blueprint

blueprint = Blueprint("imports", __name__)

from wholesale.imports import routes  # noqa: E402, F401
