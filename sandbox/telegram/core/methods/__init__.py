"""The methods of the Bot API that the emulator has a memory for, one module per group.

Importing the package registers them all.
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
