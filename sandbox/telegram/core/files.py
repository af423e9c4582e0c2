"""Stored files and their official descriptions."""

import mimetypes
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath
from typing import Final

from sandbox.telegram.core.images import image_size
from sandbox.telegram.errors import SimError, bad_request
from sandbox.telegram.shapes import Upload, Wire

MAX_DOWNLOAD_BYTES: Final = 20 * 1024 * 1024
MAX_STORED_BYTES: Final = 256 * 1024 * 1024

_FOLDERS: Final = {
    "photo": "photos",
    "voice": "voice",
    "audio": "music",
    "video": "videos",
    "animation": "animations",
    "document": "documents",
}
_SUFFIXES: Final = {
    "photo": ".jpg",
    "voice": ".oga",
    "audio": ".mp3",
    "video": ".mp4",
    "animation": ".mp4",
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file; `kind` is the message field that shows it: photo, document, voice, …."""

    number: int
    kind: str
    name: str
    mime_type: str
    content: bytes
    width: int
    height: int

    @property
    def file_id(self) -> str:
        return f"{self.kind}-{self.number}"

    @property
    def path(self) -> str:
        suffix = PurePosixPath(self.name).suffix or _SUFFIXES.get(self.kind, "")
        return f"{_FOLDERS[self.kind]}/file_{self.number}{suffix}"

    def base(self) -> Wire:
        """Return the fields that all descriptions of files have."""
        return {
            "file_id": self.file_id,
            "file_unique_id": f"unique-{self.number}",
            "file_size": len(self.content),
        }

    def describe(self) -> Wire:
        """Return the official File."""
        return {**self.base(), "file_path": self.path}


class FileStore:
    """Files by id and by path. Beyond the limit, the oldest files are removed.

    `clear` does not restart the numbers.
    """

    def __init__(self, max_bytes: int = MAX_STORED_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._numbers = count(1)

    def add(self, kind: str, upload: Upload) -> StoredFile:
        """Raises ApiError for an empty file."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        guessed = upload.content_type or mimetypes.guess_type(upload.filename)[0]
        width, height = image_size(upload.content) or (0, 0)
        stored = StoredFile(
            number=next(self._numbers),
            kind=kind,
            name=PurePosixPath(upload.filename).name,
            mime_type=guessed or "application/octet-stream",
            content=upload.content,
            width=width,
            height=height,
        )
        self._by_id[stored.file_id] = self._by_path[stored.path] = stored
        self._bytes += len(stored.content)
        while self._bytes > self._max_bytes:
            self._remove_oldest()
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def get(self, file_id: str) -> StoredFile:
        stored = self.find(file_id)
        if stored is None:
            raise SimError(404, f"there is no file {file_id}")
        return stored

    def at(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def clear(self) -> None:
        self._by_id.clear()
        self._by_path.clear()
        self._bytes = 0

    def _remove_oldest(self) -> None:
        oldest = next(iter(self._by_id.values()))
        del self._by_id[oldest.file_id], self._by_path[oldest.path]
        self._bytes -= len(oldest.content)
