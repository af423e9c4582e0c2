"""Plans that PostgreSQL keeps for the statements of many questions at once."""

from collections.abc import AsyncIterator

import pytest

from okno.kit.settings import Settings
from okno.kit.uow import UnitOfWork
from tests.support.talk import Talk

KEPT_PLANS = """
SELECT name, statement, cardinality(parameter_types) AS parameters, custom_plans
FROM pg_prepared_statements WHERE statement ~ 'ANY ?\\(\\$|unnest\\(\\s*\\$'
"""


@pytest.fixture
async def talk(settings: Settings, clean: None) -> AsyncIterator[Talk]:
    """A process with a single connection, which so has prepared all statements."""
    talk = Talk(settings, connections=1)
    yield talk
    await talk.close()


async def test_statements_with_arrays_keep_one_plan_that_reads_no_whole_table(talk: Talk) -> None:
    anna = await talk.register()
    for question in ("echo: one", "fail: two", "echo: three"):
        await talk.follow(await talk.ask(anna, question))

    uow = await talk.container.get(UnitOfWork)
    async with uow.begin(keep_plans=True):
        kept = await uow.fetch(KEPT_PLANS)
        for plan in kept:
            nothing = ", ".join(["NULL"] * plan["parameters"])
            lines = await uow.fetch(f'EXPLAIN EXECUTE "{plan["name"]}" ({nothing})')
            assert "Seq Scan" not in "\n".join(line for (line,) in lines), plan["statement"]

    assert [plan["statement"] for plan in kept if plan["custom_plans"]] == []
    texts = " ".join(plan["statement"] for plan in kept)
    assert all(
        table in texts
        for table in ("users", "preferences", "balances", "holds", "messages", "generations")
    )
