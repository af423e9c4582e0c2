"""What goes into the sim API and what comes out of it."""
