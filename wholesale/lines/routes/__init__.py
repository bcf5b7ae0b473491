"""Answers around the size grid, for the routes of the rooms whose documents have lines."""
