"""The drivers of the measurement over HTTP, as processes, against small servers that go wrong."""

import asyncio
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from aiohttp import ClientSession, web
from pydantic import SecretStr

from okno.llm.config import OpenAiSettings
from okno.llm.dto import Finish, Model, Prompt, PromptMessage, PromptRole, Trace
from okno.llm.providers.openai import OpenAi
from sandbox.ports import HOST
from tools.bench.errors import BenchError
from tools.bench.http.answer import answer_to
from tools.bench.http.callers import completion_callers
from tools.bench.http.drivers import run_load, run_streams
from tools.bench.http.events import CHAT_EVENTS, COMPLETION_EVENTS
from tools.bench.http.load import Caller, Load, Streams
from tools.bench.http.model import Model as ModelConnection
from tools.bench.http.options import COMPLETIONS
from tools.bench.http.streams import check_whole

pytestmark = pytest.mark.slow

PIECES = 5
LOAD = Load(
    port=0, path=COMPLETIONS, callers=completion_callers(8), connections=4, requests=50, warm_up=10
)
STREAMS = Streams(
    port=0,
    path=COMPLETIONS,
    callers=completion_callers(20, stream=True),
    dialect=COMPLETION_EVENTS,
    first=100,
    over=0.1,
)


async def test_every_request_is_answered_and_those_of_the_warm_up_are_not_measured(
    tmp_path: Path,
) -> None:
    async with _model() as port:
        result = await asyncio.to_thread(run_load, replace(LOAD, port=port), tmp_path)

    assert result.statuses == {"200": 60}
    assert len(result.waits) == 50
    assert sum(result.waits) <= result.elapsed * 4
    assert 0 < result.cpu <= result.elapsed


async def test_nobody_asks_twice_at_once_and_no_number_comes_twice(tmp_path: Path) -> None:
    asking: Counter[str] = Counter()
    numbers: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        body = await request.json()
        asking[body["caller"]] += 1
        assert asking[body["caller"]] == 1
        await asyncio.sleep(0)
        asking[body["caller"]] -= 1
        numbers.append(body["number"])
        return web.json_response({"number": body["number"]})

    callers = [
        Caller(json.dumps({"caller": str(caller), "number": "{number}"})) for caller in range(5)
    ]
    async with _server(answer) as port:
        await asyncio.to_thread(run_load, replace(LOAD, port=port, callers=callers), tmp_path)

    assert sorted(numbers) == [f"{number:09}" for number in range(60)]
    assert asking.keys() == {"0", "1", "2", "3", "4"}


async def _refuse(request: web.Request) -> web.Response:
    return web.Response(status=503, text="no room")


async def _mistake(request: web.Request) -> web.Response:
    return web.Response(text="an answer to another question")


async def _hang_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


@pytest.mark.parametrize(
    ("answer", "fault"),
    [(_refuse, "503: no room"), (_mistake, "200: an answer to another"), (_hang_up, "0: the conn")],
)
async def test_a_fault_ends_the_measurement(
    answer: Callable[[web.Request], object], fault: str, tmp_path: Path
) -> None:
    async with _server(answer) as port:
        with pytest.raises(BenchError, match=fault):
            await asyncio.to_thread(run_load, replace(LOAD, port=port), tmp_path)


async def test_a_measurement_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as nobody_answers:
        load = replace(LOAD, port=nobody_answers.getsockname()[1], seconds=0.2)
        with pytest.raises(BenchError, match="the driver failed: TimeoutError"):
            await asyncio.to_thread(run_load, load, tmp_path)


async def test_all_streams_are_heard_to_their_ends(tmp_path: Path) -> None:
    async with _model(seconds=0.02) as port:
        results = await asyncio.to_thread(run_streams, replace(STREAMS, port=port), tmp_path)

    assert len(results) == 20
    check_whole(results, first=100, pieces=PIECES)
    assert all(len(stream.texts) == PIECES for stream in results)
    assert all(0 < stream.first < stream.whole for stream in results)
    assert min(stream.whole for stream in results) >= 0.02 * PIECES


async def test_a_stream_that_ends_with_an_error_is_no_measurement(tmp_path: Path) -> None:
    async def fail(_: web.Request) -> web.Response:
        return web.Response(
            body=b'event: delta\ndata: {"text": "a"}\n\nevent: error\ndata: {"code": "x"}\n\n'
        )

    async with _server(fail) as port:
        with pytest.raises(BenchError, match=r'the listener failed: ValueError: {"code": "x"}'):
            await asyncio.to_thread(
                run_streams, replace(STREAMS, port=port, dialect=CHAT_EVENTS), tmp_path
            )


async def test_the_model_answers_at_once_what_it_answers_in_pieces() -> None:
    body = json.loads(completion_callers(1)[0].body)
    async with _model() as port, ClientSession(f"http://{HOST}:{port}") as http:
        async with http.post(COMPLETIONS, json=body) as response:
            answer = await response.json()
        async with http.get("/v1/models") as response:
            models = await response.json()

    asked = body["messages"][0]["content"]
    assert answer["choices"][0]["message"]["content"] == "".join(answer_to(asked, PIECES))
    assert models["data"] == [{"id": "bench"}]


async def test_the_model_is_understood_by_okno() -> None:
    model = Model("bench", "openai", "bench", {}, 2048, 500, Decimal(1), Decimal(2))
    prompt = Prompt(model, (PromptMessage(PromptRole.USER, "Who is there?"),), 500, 0.3, uuid4())
    async with _model() as port:
        settings = OpenAiSettings(api_base=f"http://{HOST}:{port}/v1")
        provider = OpenAi(settings, SecretStr("none"))
        chunks = [chunk async for chunk in provider.stream(prompt, Trace())]
        await provider.close()

    assert chunks[-1].text == "".join(answer_to("Who is there?", PIECES))
    assert chunks[-1].finish is Finish.STOP
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.output_tokens == PIECES


@asynccontextmanager
async def _model(seconds: float = 0.0) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: ModelConnection(PIECES, seconds), HOST, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def _server(answer: Callable[[web.Request], object]) -> AsyncIterator[int]:
    app = web.Application()
    app.router.add_post("/{path:.*}", answer)  # type: ignore[arg-type] # handlers, all of them
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0)
    await site.start()
    yield runner.addresses[0][1]
    await runner.cleanup()
