"""What is left, what it was spent on, and how to top it up."""
