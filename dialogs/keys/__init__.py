"""API keys, with which programs ask for their owner."""
