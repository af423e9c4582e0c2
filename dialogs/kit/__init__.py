"""What two or more dialogs need: texts from the locales, buttons, the account at hand."""
