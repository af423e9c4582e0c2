"""The client of the Bot API: paced, repeated, counted."""
