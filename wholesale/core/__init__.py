"""Floor 1: money, codes, clock, errors and model mixins. Knows no request."""
