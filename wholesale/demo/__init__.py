"""Floor 8: the demo company, custom team apparel sold all over the United States."""

from wholesale.demo.operations import Summary, is_empty, load_demo
from wholesale.demo.people import PASSWORD, SIGN_INS

__all__ = ["PASSWORD", "SIGN_INS", "Summary", "is_empty", "load_demo"]
