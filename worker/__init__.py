"""The worker process: does what is due, without anybody asking for it."""
