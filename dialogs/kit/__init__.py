"""Building blocks of the dialogs: texts, buttons, pages, replies to clicks."""
