"""Errors of questions, answers and conversations."""

from okno.kit.errors import ErrorKind, OknoError


class AnswerInProgress(OknoError):
    """The user's previous question is still being answered."""

    code = "answer-in-progress"
    kind = ErrorKind.CONFLICT


class ConversationNotFound(OknoError):
    """There is no such conversation, or it belongs to somebody else."""

    code = "conversation-not-found"
    kind = ErrorKind.NOT_FOUND


class ChoiceNotOffered(OknoError):
    """The model or the persona is not in the catalogue, or no longer."""

    code = "choice-not-offered"
    kind = ErrorKind.NOT_FOUND


class ModelNotOffered(OknoError):
    """No model of the catalogue has this id."""

    code = "model-not-offered"
    kind = ErrorKind.NOT_FOUND


class TitleEmpty(OknoError):
    """The title has no visible character."""

    code = "title-empty"
    kind = ErrorKind.INVALID


class NothingToRetry(OknoError):
    """The last question did not fail."""

    code = "nothing-to-retry"
    kind = ErrorKind.CONFLICT


class QuestionEmpty(OknoError):
    """The question has no visible character."""

    code = "question-empty"
    kind = ErrorKind.INVALID


class QuestionTooLong(OknoError):
    """The question alone is longer than the model can take."""

    code = "question-too-long"
    kind = ErrorKind.INVALID


class ContextNotFound(OknoError):
    """The context of the next question has no messages."""

    code = "context-not-found"
    kind = ErrorKind.NOT_FOUND


class ContextTooLong(OknoError):
    """The messages for a context are more than `messages`, or longer than `characters`."""

    code = "context-too-long"
    kind = ErrorKind.INVALID
    params = ("messages", "characters")


class RepeatDiffers(OknoError):
    """Something else was asked under this idempotency key before."""

    code = "repeat-differs"
    kind = ErrorKind.CONFLICT


class AnswerFiltered(OknoError):
    """The provider refused to answer for the content; nothing is charged."""

    code = "answer-filtered"
    kind = ErrorKind.INVALID


class AnswerStopped(OknoError):
    """The user stopped the answer before its first word; nothing is charged."""

    code = "answer-stopped"
    kind = ErrorKind.CONFLICT


class AnswerInterrupted(OknoError):
    """The process ended before the answer was complete; nothing is charged."""

    code = "answer-interrupted"
    kind = ErrorKind.UNAVAILABLE
