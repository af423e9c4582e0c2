"""The methods of the Bot API that use the state of the emulator, one module per group.

Importing the package registers all of them.
"""

from sandbox.telegram.core.methods import (
    callbacks,
    chats,
    commands,
    copying,
    deleting,
    drafts,
    editing,
    files,
    media,
    media_group,
    menu,
    messages,
    payments,
    pinning,
    profile,
    reactions,
    session,
    updates,
    webhook,
)

__all__ = [
    "callbacks",
    "chats",
    "commands",
    "copying",
    "deleting",
    "drafts",
    "editing",
    "files",
    "media",
    "media_group",
    "menu",
    "messages",
    "payments",
    "pinning",
    "profile",
    "reactions",
    "session",
    "updates",
    "webhook",
]
