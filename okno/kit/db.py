"""PostgreSQL through SQLAlchemy: the base of all tables, the engine, the test for an outage."""

from typing import Any

from asyncpg import InterfaceError
from sqlalchemy import URL, MetaData, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase

from okno.kit.errors import StartupError
from okno.kit.settings import PostgresSettings
from okno.kit.timeouts import (
    POSTGRES_CONNECT_SECONDS,
    POSTGRES_POOL_SECONDS,
    POSTGRES_STATEMENT_SECONDS,
)


class Base(DeclarativeBase):
    """The base of every table; constraint names are derived, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


Engine = AsyncEngine
SessionFactory = async_sessionmaker[AsyncSession]


def database_url(settings: PostgresSettings) -> URL:
    """Name the driver, the user and the database; `connect_args` says where the server is."""
    return URL.create(
        "postgresql+asyncpg",
        username=settings.user,
        password=settings.password.get_secret_value() or None,
        database=settings.db,
    )


def connect_args(settings: PostgresSettings) -> dict[str, Any]:
    """Return asyncpg's arguments: the place of the server, its timeouts and settings."""
    return {
        "host": settings.host,
        "port": settings.port,
        "timeout": POSTGRES_CONNECT_SECONDS,
        "command_timeout": POSTGRES_STATEMENT_SECONDS,
        "server_settings": {
            "application_name": "okno",
            "timezone": "UTC",
        },
    }


def create_engine(settings: PostgresSettings) -> Engine:
    """Make the engine, whose waits are bounded.

    The unit of work begins transactions, and replaces a connection that died while it was idle.
    """
    return create_async_engine(
        database_url(settings),
        connect_args=connect_args(settings),
        isolation_level="AUTOCOMMIT",
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=POSTGRES_POOL_SECONDS,  # a rush is no outage
        hide_parameters=True,  # they hold personal data, and errors are logged
    )


def create_session_factory(engine: Engine) -> SessionFactory:
    return async_sessionmaker(engine, expire_on_commit=False)


def is_outage(error: BaseException) -> bool:
    """Tell whether PostgreSQL is out of reach, as opposed to refusing a statement."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _is_connection_error(error.orig)
    return _is_connection_error(error)


def _is_connection_error(error: BaseException | None) -> bool:
    if isinstance(error, OSError | PoolTimeoutError):  # TimeoutError is an OSError
        return True
    if isinstance(error, InterfaceError):  # asyncpg's, which has no code
        return "connection is closed" in str(error)
    state = getattr(error, "sqlstate", None) or ""
    # Class 08: connection exception; 53: insufficient resources; 57P0x: shutdown, crash, starting
    # up; 25006: read-only, as a replica is.
    return state.startswith(("08", "53", "57P0")) or state == "25006"


async def check_database(engine: Engine) -> None:
    """Raise `StartupError` unless the server answers."""
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        raise StartupError(
            f"PostgreSQL does not answer: {str(reason) or repr(reason)}. "
            "Check POSTGRES_HOST, POSTGRES_PORT, "
            "POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB."
        ) from error
