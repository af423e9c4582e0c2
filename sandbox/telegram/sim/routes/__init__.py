"""Routes of the sim API, one module per audience."""
