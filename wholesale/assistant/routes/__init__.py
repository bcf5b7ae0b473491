"""The assistant's pages."""

from wholesale.assistant.routes import calls, rows  # noqa: F401
