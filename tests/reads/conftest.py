"""Fixtures of the reads: a quote sent to its customer, and the link to it."""

from tests.quotes.conftest import link, offer, sent  # noqa: F401
