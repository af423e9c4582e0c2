"""Checks migrations, and drafts new ones in a temporary database."""
