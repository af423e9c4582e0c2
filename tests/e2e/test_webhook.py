"""Webhooks: one address, any number of processes behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from io import BytesIO
from itertools import cycle

import aiohttp
import pytest
from aiohttp import web

from sandbox.web.server import listen
from tests.e2e.conftest import StartBot, Telegram
from tests.e2e.process import BotProcess
from tests.support.client import Client
from tests.support.wait import until

SECRET = "a-secret_of-the-operator"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("emptied")]


class Balancer:
    """Hands requests to the processes in turn; one that does not answer is left out."""

    def __init__(self) -> None:
        self.listener = listen()
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/webhook"
        self.targets: list[BotProcess] = []
        self.served: dict[int, int] = {}
        self._turn = cycle(range(1000))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        app = web.Application()
        app.router.add_post("/webhook", self._forward)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.SockSite(runner, self.listener).start()
        yield
        await runner.cleanup()

    async def _forward(self, request: web.Request) -> web.Response:
        target = self.targets[next(self._turn) % len(self.targets)]
        try:
            async with (
                aiohttp.ClientSession() as client,
                client.post(
                    f"{target.address}/webhook", data=await request.read(), headers=request.headers
                ) as answer,
            ):
                self.served[target.port] = self.served.get(target.port, 0) + 1
                return web.Response(status=answer.status, body=await answer.read())
        except aiohttp.ClientError:
            return web.Response(status=502)


@pytest.fixture(scope="module")
async def running_balancer(start_bot: StartBot) -> AsyncIterator[Balancer]:
    """Two processes behind one address."""
    balancer = Balancer()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(balancer.running())
        names = ("one", "two")
        balancer.targets = list(
            await asyncio.gather(
                *(
                    start_bot(
                        name, TELEGRAM_WEBHOOK_URL=balancer.url, TELEGRAM_WEBHOOK_SECRET=SECRET
                    )
                    for name in names
                )
            )
        )
        yield balancer
        for bot in balancer.targets:
            assert await bot.stop() == 0


@pytest.fixture
async def balancer(running_balancer: Balancer) -> Balancer:
    """Both processes alive, whatever the test before did to them."""
    for bot in running_balancer.targets:
        if bot.ended:
            await bot.start()
    return running_balancer


async def test_two_processes_share_the_updates_of_one_webhook(
    telegram: Telegram, balancer: Balancer
) -> None:
    people = [Client(telegram.emulator, f"Person {number}") for number in range(6)]

    async def come(person: Client) -> None:
        await person.say("/start", "Hello")
        await person.press("English ✓", "Welcome")
        await person.press("☰ Menu", "Menu")
        for _round in range(3):
            await person.press("❓ Help", "Help")
            await person.press("☰ Menu", "Menu")

    await asyncio.gather(*(come(person) for person in people))

    await until(lambda: telegram.emulator.unanswered() == [], "the answers to the buttons")
    assert [call for call in telegram.emulator.calls() if call.status != 200] == []
    assert min(balancer.served.values()) > 10
    assert len(balancer.served) == 2


async def post(bot: BotProcess, body: bytes, headers: dict[str, str]) -> int:
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{bot.address}/webhook", data=BytesIO(body), headers=headers) as answer,
    ):
        return answer.status


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"{}", 401),
        ({"X-Telegram-Bot-Api-Secret-Token": SECRET + "x"}, b"{}", 401),
        ({"X-Telegram-Bot-Api-Secret-Token": "секрет"}, b"{}", 401),
        (HEADERS, b"not an update", 400),
        (HEADERS, b"[]", 400),
        (HEADERS, b"x" * (1024 * 1024 + 1), 413),
    ],
    ids=["no secret", "wrong secret", "odd secret", "no JSON", "no update", "too large"],
)
async def test_what_is_no_update_of_telegram_is_refused(
    balancer: Balancer, headers: dict[str, str], body: bytes, status: int
) -> None:
    assert await post(balancer.targets[1], body, headers) == status


async def test_an_update_that_comes_again_is_handled_once(
    telegram: Telegram, balancer: Balancer
) -> None:
    anna = Client(telegram.emulator)
    await anna.say("/start", "Hello")
    update = (
        b'{"update_id": 5, "message": {"message_id": 1, "date": 1, "text": "/start", '
        b'"chat": {"id": %(id)d, "type": "private"}, '
        b'"from": {"id": %(id)d, "is_bot": false, "first_name": "Anna"}}}'
    ) % {b"id": anna.id}

    statuses = await asyncio.gather(
        *(post(bot, update, HEADERS) for bot in balancer.targets for _ in range(2))
    )

    assert statuses == [200] * 4
    assert len(anna.answers) == 2


async def test_what_a_process_could_not_take_is_delivered_again(
    telegram: Telegram, balancer: Balancer
) -> None:
    anna = Client(telegram.emulator)
    await anna.say("/start", "Hello")
    one, two = balancer.targets
    assert await one.stop() == 0

    # Every second delivery meets a closed door first.
    await anna.press("English ✓", "Welcome")
    await anna.press("☰ Menu", "Menu")
    await anna.press("❓ Help", "Help")
    assert not two.ended
