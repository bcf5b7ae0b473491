"""Floor 3: what signed-in people and customers' links read, kept for a while."""

from wholesale.reads import tasks  # noqa: F401
