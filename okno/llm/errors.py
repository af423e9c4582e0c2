"""Errors of requests to language models."""

from okno.kit.errors import ErrorKind, OknoError


class ModelError(OknoError):
    """The base of all these errors: a question was not answered, or not to its end."""


class ModelBusy(ModelError):
    """The provider's limit for a span of time is used up; it can be tried after `seconds`."""

    code = "model-busy"
    kind = ErrorKind.LIMITED
    params = ("seconds",)


class ModelQueueFull(ModelError):
    """Too many requests wait for their turn, or this one waited too long."""

    code = "model-queue-full"
    kind = ErrorKind.LIMITED


class ModelCrowded(ModelQueueFull):
    """The provider works on as many requests as it allows, so this one has to wait again."""


class ModelKeyRefused(ModelError):
    """The provider does not accept the key: it is wrong or has expired."""

    code = "model-key-refused"
    kind = ErrorKind.UNAVAILABLE


class ModelAccessDenied(ModelError):
    """The key is right but may not use this model or folder, or its account has no money."""

    code = "model-access-denied"
    kind = ErrorKind.UNAVAILABLE


class ModelNotFound(ModelError):
    """The provider has no such model."""

    code = "model-not-found"
    kind = ErrorKind.NOT_FOUND


class ModelRequestRefused(ModelError):
    """The provider does not accept the request itself."""

    code = "model-request-refused"
    kind = ErrorKind.INVALID


class ModelTimeout(ModelError):
    """There was no answer, or no further part of it, within the time limits."""

    code = "model-timeout"
    kind = ErrorKind.UNAVAILABLE


class ModelStreamBroken(ModelError):
    """The stream ended before the answer did, or can't be understood."""

    code = "model-stream-broken"
    kind = ErrorKind.UNAVAILABLE


class ModelAnswerEmpty(ModelError):
    """The stream ended properly, but without any text."""

    code = "model-answer-empty"
    kind = ErrorKind.UNAVAILABLE


class ModelUnavailable(ModelError):
    """The provider can't be reached, or says that it is out of order."""

    code = "model-unavailable"
    kind = ErrorKind.UNAVAILABLE
