"""The customers' pages: organizations, contacts, timelines, merging."""

from wholesale.customers.routes import (  # noqa: F401
    activities,
    changes,
    contact_changes,
    contacts,
    merging,
    organizations,
)
