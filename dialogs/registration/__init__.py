"""The registration: the choice of a language, then a welcome."""
