"""OpenAI's chat completions and list of models."""
