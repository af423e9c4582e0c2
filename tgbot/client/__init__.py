"""The way out: calls of the Bot API, repeated when that helps, and what their failures teach."""
