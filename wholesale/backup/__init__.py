"""Floor 8: backups of the database, tried out, and put back."""

from wholesale.backup import tasks  # noqa: F401
