"""The customers' pages: organizations, changing them, contacts."""

from wholesale.customers.routes import changes, contacts, organizations  # noqa: F401
