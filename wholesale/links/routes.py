"""The pages behind customer links."""

from wholesale.links import models  # noqa: F401
