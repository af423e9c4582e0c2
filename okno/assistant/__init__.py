"""Talking to a model: conversations, messages, the context window."""
