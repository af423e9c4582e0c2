"""The HTTP process: REST for accounts, the assistant, billing and admins, and OpenAI's /v1."""
