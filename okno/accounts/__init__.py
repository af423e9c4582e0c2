"""The users of Okno: the identities by which they are recognised, their role and language."""
