"""Who uses Okno: users, the identities by which they are recognised, their role and language."""
