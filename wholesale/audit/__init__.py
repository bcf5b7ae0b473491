"""Floor 2: the append-only trail of who changed what, and its page."""
