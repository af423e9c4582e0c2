"""getFile; the bytes are served at `/file/bot<token>/<file_path>`."""

from aiogram.methods import GetFile

from sandbox.telegram.core.files import MAX_DOWNLOAD_BYTES
from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire


@handles(GetFile)
def get_file(world: World, call: GetFile) -> Wire:
    stored = world.files.find(call.file_id)
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.content) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return stored.describe()
