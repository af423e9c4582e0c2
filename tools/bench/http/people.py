"""Makes a thousand signed-in people with a few SQL statements.

They get their access tokens from the API, by their refresh tokens.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import uuid4

import asyncpg
from aiohttp import ClientSession, TCPConnector

from sandbox.ports import HOST
from tools.bench.errors import BenchError

BALANCE: Final = 10**9
"""Units of each person: more than a run can spend."""
_SESSION_LIFETIME: Final = timedelta(days=1)
_RENEWALS_AT_ONCE: Final = 16

_USERS: Final = """
    INSERT INTO users (login, first_name, language, registered_at, onboarded_at, last_seen_at)
    SELECT 'bench' || number, 'Anna', 'en', $2, $2, $2 FROM generate_series(1, $1) AS number
    RETURNING id
"""
_BALANCES: Final = "INSERT INTO balances (user_id, balance) SELECT unnest($1::bigint[]), $2"
_GRANTS: Final = """
    INSERT INTO ledger_entries (user_id, amount, kind, key, balance_after, created_at)
    SELECT id, $2, 'grant', 'bench:' || id, $2, $3 FROM unnest($1::bigint[]) AS id
"""
_SESSION: Final = (
    *("id", "user_id", "address", "device"),
    *("created_at", "used_at", "expires_at"),
)
_TOKEN: Final = ("hash", "session_id", "created_at")


@dataclass(frozen=True, slots=True)
class Person:
    """A user with a sign-in. `token` is valid for ten minutes, `refresh_token` for one use."""

    user_id: int
    refresh_token: str
    token: str = ""


async def connect(database: Mapping[str, str]) -> asyncpg.Connection:
    return await asyncpg.connect(
        host=database["POSTGRES_HOST"],
        port=int(database["POSTGRES_PORT"]),
        user=database["POSTGRES_USER"],
        password=database["POSTGRES_PASSWORD"] or None,
        database=database["POSTGRES_DB"],
    )


async def make_people(database: Mapping[str, str], count: int) -> list[Person]:
    """Insert people with a balance and one session each."""
    now = datetime.now(UTC)
    connection = await connect(database)
    try:
        async with connection.transaction():
            user_ids = [row["id"] for row in await connection.fetch(_USERS, count, now)]
            await connection.execute(_BALANCES, user_ids, BALANCE)
            await connection.execute(_GRANTS, user_ids, BALANCE, now)
            people = [Person(user_id, f"okr_{secrets.token_urlsafe(32)}") for user_id in user_ids]
            await _sign_in(connection, people, now)
    finally:
        await connection.close()
    return people


async def _sign_in(connection: asyncpg.Connection, people: Sequence[Person], now: datetime) -> None:
    sessions = [
        (uuid4(), person.user_id, HOST, "bench", now, now, now + _SESSION_LIFETIME)
        for person in people
    ]
    tokens = [
        (sha256(person.refresh_token.encode()).digest(), session[0], now)
        for person, session in zip(people, sessions, strict=True)
    ]
    await connection.copy_records_to_table("sessions", records=sessions, columns=_SESSION)
    await connection.copy_records_to_table("refresh_tokens", records=tokens, columns=_TOKEN)


async def renew(people: Sequence[Person], port: int) -> list[Person]:
    """Get new tokens for all people. Raises `BenchError`."""
    connector = TCPConnector(limit=_RENEWALS_AT_ONCE)
    async with ClientSession(f"http://{HOST}:{port}", connector=connector) as http:
        return await asyncio.gather(*(_renew(person, http) for person in people))


async def _renew(person: Person, http: ClientSession) -> Person:
    body = {"refreshToken": person.refresh_token}
    async with http.post("/api/auth/refresh", json=body) as response:
        answer = await response.json()
        if not response.ok:
            raise BenchError(f"a sign-in was not renewed: {answer}")
    return Person(person.user_id, answer["refreshToken"], answer["token"])
