"""What the commands of the Makefile run: checks, the lock files, measurements."""
