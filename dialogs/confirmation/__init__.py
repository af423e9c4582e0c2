"""What somebody asks for over HTTP, for the owner of the Telegram account to confirm or refuse."""
