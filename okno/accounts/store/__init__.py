"""Queries of accounts, by table; each method is one statement within the open transaction."""
