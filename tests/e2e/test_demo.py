"""`make demo`: everything starts with one command and ends with Ctrl-C, and nothing else does."""

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.environment import clean_environment
from tests.conftest import ROOT
from tests.support.wait import until

pytestmark = pytest.mark.slow

PROGRAMS = ("sandbox.servers", "sandbox.telegram", "api", "tgbot", "worker")
READY = re.compile(r"Talk to the bot at (http://127\.0\.0\.1:\d+)")
API = re.compile(r"The HTTP API: (http://127\.0\.0\.1:\d+)")


class Demo:
    """The demo on the data of one folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.log = folder / f"{name}.txt"
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sandbox"],
                cwd=folder,
                env={
                    **clean_environment(),
                    "PYTHONPATH": str(ROOT),
                    # None of these may reach the demo.
                    "TELEGRAM_WEBHOOK_URL": "https://bot.example.org/",
                    "POSTGRES_HOST": "db.example.org",
                    "OPENAI_API_KEY": "of-a-real-installation",
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def printed(self) -> str:
        return self.log.read_text()

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    async def address(self) -> str:
        await until(lambda: self.ended or bool(READY.search(self.printed)), "the demo", 90)
        found = READY.search(self.printed)
        assert found, self.printed
        return found[1]

    async def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self._process.send_signal(number)
        await until(lambda: self.ended, "the demo's end", 60)
        return self._process.returncode


def ask(url: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
        return json.load(answer)


def processes_of(folder: Path) -> list[str]:
    """Command lines of all processes that the demo of this folder has started."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            directory = str((entry / "cwd").readlink())
        except OSError:
            continue
        if str(folder) in command + directory:
            found.append(command)
    return found


def press(address: str, chat_id: int, label: str) -> None:
    """Press a button of the newest window."""
    message = ask(f"{address}/sim/chats/{chat_id}")["messages"][-1]
    ask(f"{address}/sim/chats/{chat_id}/clicks", {"message_id": message["id"], "text": label})


def running(folder: Path, program: str) -> bool:
    return any(f"-m {program} " in f"{command} " for command in processes_of(folder))


def bot_texts(address: str, chat_id: int) -> list[str]:
    messages = ask(f"{address}/sim/chats/{chat_id}")["messages"]
    return [message["text"] for message in messages if message["author"] == "bot"]


@pytest.fixture
def page_port_taken() -> Iterator[None]:
    """Another program listens on the port that the demo prefers."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.1", 8000))
            other.listen()
        except OSError:
            pass  # somebody does already
        yield


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs /proc to see processes")
@pytest.mark.usefixtures("page_port_taken")
async def test_the_demo_from_its_start_to_its_end(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    demo = Demo(folder, "first")
    address = await demo.address()
    assert not address.endswith(":8000"), "the port was taken"

    anna = ask(f"{address}/sim/users", {"first_name": "Anna", "language_code": "en"})["chat_id"]
    ask(f"{address}/sim/chats/{anna}/messages", {"text": "/start"})
    await until(lambda: bool(bot_texts(address, anna)), "the bot's answer")
    assert bot_texts(address, anna)[0].startswith("Hello, Anna!")

    press(address, anna, "English ✓")
    await until(lambda: bot_texts(address, anna)[-1].startswith("Welcome"), "the welcome")
    ask(f"{address}/sim/chats/{anna}/messages", {"text": "What is a window?"})
    await until(lambda: "words: 4" in bot_texts(address, anna)[-1], "the model's answer", 60)

    assert [name for name in PROGRAMS if not running(folder, name)] == []

    found = API.search(demo.printed)
    assert found, demo.printed
    body = {"username": "clara", "password": "a window to the sea"}
    clara = ask(f"{found[1]}/api/auth/register", body)
    assert clara["token"]
    assert f"{found[1]}/docs" in demo.printed

    second = Demo(folder, "second")
    await until(lambda: second.ended, "the refusal of a second demo")
    assert "a demo runs in this folder already" in second.printed
    assert not demo.ended

    assert await demo.end() == 0
    assert processes_of(folder) == []

    # Killed, it can't end its children: they notice by themselves.
    third = Demo(folder, "third")
    address = await third.address()
    boris = ask(f"{address}/sim/users", {"first_name": "Boris"})["chat_id"]
    assert boris != anna, "the bot would take a new person for a known one"
    await third.end(signal.SIGKILL)
    await until(lambda: processes_of(folder) == [], "the end of the children", 60)
