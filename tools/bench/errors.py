"""Why a measurement was given up."""


class BenchError(Exception):
    """Nothing can be measured; the message says why."""
