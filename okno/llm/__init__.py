"""Language models: one port, a provider per service, the catalogue of what may be chosen."""
