"""Floor 2: how pages, fragments, forms, lists and errors are answered."""
