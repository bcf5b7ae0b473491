"""The quotes' pages: the list, one quote, entry on the grid, sending, what customers see."""

from wholesale.quotes import models  # noqa: F401
