"""Errors of the Bot API about the entities of a text."""


class EntityError(ValueError):
    """A text or its entities are refused; `description` follows after "Bad Request: "."""

    def __init__(self, description: str) -> None:
        super().__init__(description)
        self.description = description


class MarkupError(EntityError):
    """The text breaks the rules of its parse mode."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"can't parse entities: {reason}")


class GivenEntityError(EntityError):
    """A given MessageEntity object is invalid."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"can't parse MessageEntity: {reason}")
