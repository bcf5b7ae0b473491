"""Reads everyone, nobody reads it: the dashboard and the search."""

from flask import Blueprint

blueprint = Blueprint("insight", __name__)

from wholesale.insight import models, routes, tasks  # noqa: E402, F401
