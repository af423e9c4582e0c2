"""Embedded servers and emulated services for the demo and the tests."""
