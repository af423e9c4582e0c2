"""Migrations: drafted in a throw-away database, kept in one numbered line."""
