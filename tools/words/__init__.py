"""Checks of the words in code and documents."""
