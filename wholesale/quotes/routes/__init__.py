"""The quotes' pages: the list, one quote, entry on the grid, sending, what customers see."""

from wholesale.quotes import models  # noqa: F401
from wholesale.quotes.routes import documents  # noqa: F401
