"""Language, personal data, deletion of the account."""
