"""A process that asks, shows the first text, and then waits to be killed."""

import asyncio
import sys

from okno.kit.actor import Actor, Role
from okno.kit.log import configure_logs
from okno.kit.settings import LogSettings
from tests.support.settings import load_all_settings
from tests.support.talk import Talk, first_text


async def main(user_id: int, question: str) -> None:
    settings = load_all_settings()
    configure_logs(settings[LogSettings], service="okno-tests")
    talk = Talk(settings)
    generation = await talk.ask(Actor(Role.USER, user_id), question)
    async with talk.answering(generation) as progress:
        await first_text(progress)
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
