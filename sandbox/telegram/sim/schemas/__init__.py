"""Requests and answers of the sim API."""
