"""The scope of services that billing defines."""

from okno.kit.actor import Scope

BILLING = Scope("billing")
"""Allows a service to see the balance of a user, and to top it up."""
