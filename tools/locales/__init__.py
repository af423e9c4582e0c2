"""Whether the texts in `locales/` and the code that shows them agree."""
