"""Several processes of the API on one machine, and their supervisor: see ADR 21."""
