"""The product: capabilities that know nothing of Telegram, HTTP or any other surface."""
