"""The last requests, as they are kept."""

from sandbox.llm import Call, LanguageModelEmulator, Outcome, Pace, Provider
from sandbox.llm.prompt import Message, Role
from sandbox.llm.request_log import MAX_LOGGED_REQUESTS
from tests.sandbox.llm.clients import URI, OpenAi, YandexGpt
from tests.support.wait import until


async def test_a_request_is_kept_with_what_came_of_it(
    yandexgpt: YandexGpt, models: LanguageModelEmulator
) -> None:
    yandexgpt.headers |= {"x-client-request-id": "ours", "x-data-logging-enabled": "false"}
    await yandexgpt.frames("echo: pong", temperature=0.5)
    [request] = models.requests()
    assert (request.provider, request.call) == (Provider.YANDEXGPT, Call.COMPLETION)
    assert (request.model, request.is_streamed) == (URI, True)
    assert request.messages == (Message(Role.USER, "echo: pong"),)
    assert (request.max_tokens, request.temperature) == (2000, 0.5)
    assert (request.input_tokens, request.output_tokens) == (16, 1)
    assert (request.client_request_id, request.data_logging) == ("ours", False)
    assert (request.status, request.outcome) == (200, Outcome.FINISHED)
    assert request.first_text_at is not None
    assert request.ended_at is not None
    assert request.at <= request.first_text_at <= request.ended_at


async def test_no_key_is_kept(openai: OpenAi, models: LanguageModelEmulator) -> None:
    await openai.whole("Hi")
    openai.headers = {"Authorization": "Bearer my-other-key"}
    await openai.refused(openai.body("Hi"))
    async with openai.http.get("/sim/llm/requests") as response:
        shown = await response.text()
    for text in (repr(models.requests()), shown):
        assert "demo-key" not in text
        assert "my-other-key" not in text


def test_only_the_newest_are_kept() -> None:
    models = LanguageModelEmulator()
    for _ in range(MAX_LOGGED_REQUESTS + 3):
        models.log_request(Provider.OPENAI, Call.COMPLETION, {})
    numbers = [request.number for request in models.requests()]
    assert numbers == list(range(4, MAX_LOGGED_REQUESTS + 4))


async def test_a_client_that_goes_away_is_noticed_between_frames(
    openai: OpenAi, models: LanguageModelEmulator
) -> None:
    """Nothing more is written for it."""
    models.pace = Pace(token_seconds=0.005)
    async with openai.open("1000 words") as response:
        await response.content.readline()
    await until(lambda: models.requests()[0].outcome is Outcome.CLIENT_GONE)
    written = models.requests()[0].output_tokens
    assert written < 100


async def test_a_snapshot_stays_as_it_is(openai: OpenAi, models: LanguageModelEmulator) -> None:
    await openai.whole("Hi")
    before = models.requests()
    models.reset()
    assert models.requests() == []
    assert len(before) == 1
    await openai.whole("Hi")
    assert [request.number for request in models.requests(Call.COMPLETION)] == [1]
