"""API keys, by which programs ask in their owner's name."""
