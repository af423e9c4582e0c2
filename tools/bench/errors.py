"""The error of a measurement that cannot go on."""


class BenchError(Exception):
    """The measurement was given up; the message says why."""
