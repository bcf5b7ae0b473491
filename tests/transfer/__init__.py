"""Tests of all data going out into one file and coming back."""
