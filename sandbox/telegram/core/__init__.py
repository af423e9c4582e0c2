"""The state of the emulated Telegram: users, chats, messages, updates. All of it is synchronous."""
