"""Questions and the code of a link that wait for the end of the registration."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from aiogram_dialog import DialogManager

MAX_QUESTION_CHARACTERS = 12_000
"""For all questions together."""


@dataclass(frozen=True, slots=True)
class PendingInput:
    """The start data of the window; each further message adds to it.

    `question`: all questions as one text; `code`: of the link by which an account is joined;
    `is_full`: there was no room for the last question.
    """

    question: str = ""
    code: str = ""
    is_full: bool = False

    @classmethod
    def of(cls, manager: DialogManager) -> "PendingInput":
        """Read the data of the open window."""
        data = manager.start_data if manager.has_context() else None
        kept: Mapping[str, Any] = data if isinstance(data, dict) else {}
        return cls(
            question=str(kept.get("question", "")),
            code=str(kept.get("code", "")),
            is_full=bool(kept.get("is_full")),
        )

    def with_question(self, text: str) -> "PendingInput":
        """Add a question: people send one in several messages."""
        question = f"{self.question}\n\n{text}".strip()
        if len(question) > MAX_QUESTION_CHARACTERS:
            return replace(self, is_full=True)
        return replace(self, question=question, is_full=False)

    def with_code(self, code: str) -> "PendingInput":
        return replace(self, code=code)

    def to_data(self) -> dict[str, str | int]:
        """Return the start data of the window."""
        return asdict(self)
