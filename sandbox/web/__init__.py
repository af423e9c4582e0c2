"""Web server parts that all emulators use."""
