"""The jobs, by the capability that they serve."""
