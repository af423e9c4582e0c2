"""HTTP byte by byte: for requests that no client library would send."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

TIMEOUT = 10.0


class RawConnection:
    """One connection to a server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def read_until(self, end: bytes) -> bytes:
        async with asyncio.timeout(TIMEOUT):
            return await self._reader.readuntil(end)

    async def read_to_end(self) -> bytes:
        """Return all that comes until the server hangs up."""
        async with asyncio.timeout(TIMEOUT):
            return await self._reader.read()

    async def status(self) -> int:
        """Return the status of the next answer."""
        return int((await self.read_until(b"\r\n")).split()[1])


@asynccontextmanager
async def connect(address: str) -> AsyncIterator[RawConnection]:
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield RawConnection(reader, writer)
    finally:
        writer.close()
