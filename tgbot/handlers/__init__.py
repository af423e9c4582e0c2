"""Handlers of updates that belong to no window: commands, payments, membership, errors."""
