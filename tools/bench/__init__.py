"""`make bench`: what Okno and its sandbox cost, measured on this machine with everything real."""
