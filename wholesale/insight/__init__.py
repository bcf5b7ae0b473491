"""Reads everyone, nobody reads it: the dashboard and the search."""

from flask import Blueprint

blueprint = Blueprint("insight", __name__)

from wholesale.insight import routes  # noqa: E402, F401
