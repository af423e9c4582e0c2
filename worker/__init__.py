"""The worker: a program that runs the jobs of all capabilities."""
