"""Maintenance: reads go on, writes wait."""
