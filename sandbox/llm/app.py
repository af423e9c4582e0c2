"""The emulated models as a web application: alone, or together with the Telegram emulator."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from sandbox.llm.emulator import LanguageModelEmulator
from sandbox.llm.endpoint import Endpoint
from sandbox.llm.openai.service import OpenAi
from sandbox.llm.sim.app import create_sim
from sandbox.llm.yandexgpt.service import YandexGpt
from sandbox.llm.yandexgpt.tokenizer import Tokenizer
from sandbox.web.connection import remember_transport


class LanguageModelApp(Starlette):
    """`close` breaks off running answers; call it before the server waits for them."""

    def __init__(self, emulator: LanguageModelEmulator) -> None:
        super().__init__(routes=model_routes(emulator))
        self._emulator = emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        remember_transport(scope, send)
        await super().__call__(scope, receive, send)

    def close(self) -> None:
        self._emulator.close()


def create_app(emulator: LanguageModelEmulator) -> LanguageModelApp:
    return LanguageModelApp(emulator)


def model_routes(emulator: LanguageModelEmulator) -> list[BaseRoute]:
    """Make the routes for an application that calls `remember_transport`."""
    return [
        Mount("/yandexgpt/foundationModels/v1", routes=_yandexgpt(emulator)),
        Mount("/openai/v1", routes=_openai(emulator)),
        Mount("/sim/llm", create_sim(emulator)),
    ]


def _yandexgpt(emulator: LanguageModelEmulator) -> list[Route]:
    service = YandexGpt(emulator)
    endpoint = Endpoint(emulator, service)
    tokenizer = Tokenizer(emulator, service, endpoint)
    return [
        Route("/completion", endpoint.complete, methods=["POST"]),
        Route("/tokenize", tokenizer.tokenize, methods=["POST"]),
        Route("/tokenizeCompletion", tokenizer.tokenize_completion, methods=["POST"]),
    ]


def _openai(emulator: LanguageModelEmulator) -> list[Route]:
    service = OpenAi(emulator)
    return [
        Route("/chat/completions", Endpoint(emulator, service).complete, methods=["POST"]),
        Route("/models", service.list_models, methods=["GET"]),
    ]
