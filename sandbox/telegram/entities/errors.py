"""What the Bot API answers when it can't read a text's entities."""


class EntityError(ValueError):
    """A text or its entities are refused; `description` goes after "Bad Request: "."""

    def __init__(self, description: str) -> None:
        super().__init__(description)
        self.description = description


class MarkupError(EntityError):
    """The text breaks the rules of its parse mode."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"can't parse entities: {reason}")


class GivenEntityError(EntityError):
    """One of the given MessageEntity objects can't be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"can't parse MessageEntity: {reason}")
