"""What the demo and the tests run Okno against: embedded servers and emulated services."""
