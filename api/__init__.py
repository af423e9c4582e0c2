"""The HTTP program: accounts, the assistant, billing, administration, and OpenAI's /v1."""
