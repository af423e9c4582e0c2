"""The scopes of services that the assistant defines."""

from okno.kit.actor import Scope

CHAT = Scope("chat")
"""To ask in the name of a user."""
CONTEXT = Scope("context")
"""To read and change the conversations of a user."""
