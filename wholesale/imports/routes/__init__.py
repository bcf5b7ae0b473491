"""The import pages: the list, uploading, choosing columns, and each import's own page."""

from wholesale.imports.routes import columns, list, page, upload  # noqa: F401
