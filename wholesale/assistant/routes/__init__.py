"""The assistant's pages."""

from wholesale.assistant.routes import calls, mails, rows, summaries, words  # noqa: F401
