"""Files of a request: in the field itself, or in another field named by `attach://<field>`."""

from collections.abc import Mapping
from typing import Any, Final

from aiogram.types import BufferedInputFile

from sandbox.telegram.shapes import Upload

_SCHEME: Final = "attach://"


def attach(value: Any, files: Mapping[str, Upload]) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value with every reference to an attached file replaced by the file."""
    match value:
        case str() if value.startswith(_SCHEME):
            upload = files.get(value.removeprefix(_SCHEME))
            return value if upload is None else input_file(upload)
        case list():
            return [attach(item, files) for item in value]
        case dict():
            return {key: attach(item, files) for key, item in value.items()}
        case _:
            return value


def input_file(upload: Upload) -> BufferedInputFile:
    return BufferedInputFile(upload.content, filename=upload.filename)
