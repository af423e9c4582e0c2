"""The emulated language models behind HTTP, in a thread of their own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from sandbox.llm import LanguageModelEmulator
from sandbox.llm.app import create_app
from sandbox.web.server import EmulatorServer, listen


@dataclass(frozen=True, slots=True)
class RunningModels:
    """The emulator and where it is."""

    emulator: LanguageModelEmulator
    address: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables through which the product finds the models."""
        return {
            "YANDEXGPT_API_BASE": f"{self.address}/yandexgpt",
            "YANDEXGPT_API_KEY": self.emulator.api_key,
            "YANDEXGPT_FOLDER_ID": self.emulator.folder,
            "OPENAI_API_BASE": f"{self.address}/openai/v1",
            "OPENAI_API_KEY": self.emulator.api_key,
        }


@contextmanager
def serving_models(emulator: LanguageModelEmulator | None = None) -> Iterator[RunningModels]:
    """Serve this emulator; without one, an emulator that answers without delay."""
    emulator = emulator or LanguageModelEmulator()
    listener = listen()
    server = EmulatorServer(create_app(emulator))
    thread = Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        yield RunningModels(emulator, f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
