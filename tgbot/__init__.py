"""The bot process: brings updates from Telegram to the windows."""
