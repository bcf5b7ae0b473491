"""The pages of change orders."""

from wholesale.changes.routes import entry, page  # noqa: F401
