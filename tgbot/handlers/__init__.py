"""What does not belong to a window: commands, membership, errors."""
