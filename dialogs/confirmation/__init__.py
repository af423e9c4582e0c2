"""Confirmations: requests over HTTP that the owner of a Telegram account confirms or refuses."""
