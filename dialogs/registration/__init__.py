"""The first contact: the language, then a welcome."""
