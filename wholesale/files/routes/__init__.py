"""The addresses of files: a record's panel, uploads, downloads, the disk's signed addresses."""

from wholesale.files.routes import changes, direct, disk, panel  # noqa: F401
