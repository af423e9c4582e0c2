"""Programs for developers: checks, drafts, measurements."""
