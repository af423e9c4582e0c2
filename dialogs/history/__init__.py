"""Past conversations: read, continued, renamed, exported, deleted, searched."""
