"""The choice of a persona."""
