"""The controls of the emulated models over HTTP, for tests, scripts and the chat page."""
