"""The assistant's pages."""

from wholesale.assistant.routes import (  # noqa: F401
    calls,
    clean_up,
    mails,
    rows,
    summaries,
    words,
)
