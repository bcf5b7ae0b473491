"""Floor 8: records from files, by a mapping that says which column means what."""
