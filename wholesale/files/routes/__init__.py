"""The addresses of files: the signed ones of the local disk."""

from wholesale.files.routes import disk  # noqa: F401
