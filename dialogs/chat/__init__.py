"""Questions and answers: the last answer is the window."""
