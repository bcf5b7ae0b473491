"""Floor 8: what has to be true of the data, and a check that it is."""
