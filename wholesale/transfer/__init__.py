"""All data out into one file, and back into an empty database."""
