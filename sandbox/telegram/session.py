"""Connects a real `Bot` in the same process to the emulator, without a network."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods.base import TelegramMethod, TelegramType
from aiogram.types import InputFile
from aiohttp import ClientResponseError, RequestInfo
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from sandbox.telegram.core.emulator import Emulator
from sandbox.telegram.gateway import ApiGateway, ConnectionDropped
from sandbox.telegram.shapes import Upload


class EmulatorSession(BaseSession):
    """Sends the same raw fields as aiogram's HTTP session, and raises the same errors."""

    def __init__(self, emulator: Emulator, **options: Any) -> None:  # noqa: ANN401 - aiogram's own
        super().__init__(**options)
        self._emulator = emulator
        self._gateway = ApiGateway(emulator, same_offset_pause=0)

    async def close(self) -> None:
        self._gateway.close()

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> TelegramType:
        fields, files = await self._raw(bot, method)
        try:
            async with asyncio.timeout(self.timeout if timeout is None else timeout):
                answer = await self._gateway.answer(method.__api_method__, fields, files)
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except ConnectionDropped as error:
            message = "ServerDisconnectedError: Server disconnected"
            raise TelegramNetworkError(method=method, message=message) from error
        response = self.check_response(bot, method, answer.status, answer.content)
        return cast("TelegramType", response.result)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,  # noqa: ARG002 - aiogram's signature
        timeout: int = 30,  # noqa: ARG002, ASYNC109 - aiogram's signature
        chunk_size: int = 65536,
        raise_for_status: bool = True,  # noqa: ARG002, FBT001, FBT002 - aiogram's signature
    ) -> AsyncGenerator[bytes, None]:
        """Raises ClientResponseError for an unknown file, as aiohttp does."""
        path = url.partition(f"/file/bot{self._emulator.token}/")[2]
        stored = self._emulator.world.files.at(path)
        if stored is None:
            address = URL(url)
            no_headers = CIMultiDictProxy(CIMultiDict[str]())
            request = RequestInfo(address, "GET", no_headers, address)
            raise ClientResponseError(request, (), status=404, message="Not Found")
        for start in range(0, len(stored.content), chunk_size):
            yield stored.content[start : start + chunk_size]

    async def _raw(
        self, bot: Bot, method: TelegramMethod[Any]
    ) -> tuple[dict[str, Any], dict[str, Upload]]:
        attached: dict[str, InputFile] = {}
        prepared = (
            (key, self.prepare_value(value, bot=bot, files=attached))
            for key, value in method.model_dump(warnings=False).items()
        )
        fields = {key: value for key, value in prepared if value}
        files = {
            key: Upload(file.filename or key, b"".join([part async for part in file.read(bot)]))
            for key, file in attached.items()
        }
        return fields, files
