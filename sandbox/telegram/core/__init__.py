"""Telegram as the emulator knows it: users, chats, messages, updates. Plain synchronous state."""
