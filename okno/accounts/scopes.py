"""The scope of services that accounts define."""

from okno.kit.actor import Scope

USERS = Scope("users")
"""To make users and to see them."""
