"""The leads' pages: board and list, one lead, new ones, moves, ownership, the timeline."""

from wholesale.leads.routes import ends, entry, list, moves, page, timeline  # noqa: F401
