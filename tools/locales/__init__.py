"""Checks that the texts, the languages and the code agree with each other."""
