"""Tells a fault of the infrastructure, which passes, from a fault of an event, which would come again for ever."""

from typing import Final

import asyncpg

_PASSING: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.TransactionRollbackError,  # deadlock, serialization
    asyncpg.OperatorInterventionError,  # shutdown, cancelled, not yet accepting connections
    asyncpg.InsufficientResourcesError,  # disk full, out of memory, too many connections
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby answers during a failover
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,
)

DATABASE_INTERRUPTIONS: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the connection was lost under a statement, or between two
)
"""After these a leader of a log's work begins again on a new connection; it runs statements of its own alone."""


def is_infrastructure(error: BaseException, connection: asyncpg.Connection | None = None) -> bool:
    """Return whether trying the same again later can succeed without anybody changing code or data.

    Whatever is raised on a connection that is gone by then is a fault of the connection.
    """
    return isinstance(error, _PASSING) or (connection is not None and is_lost(connection))


def is_interruption(error: BaseException) -> bool:
    """Return whether background work can go on after this with a new connection.

    That is a fault of the infrastructure, or what the driver says of a connection that was lost between two statements.
    Of wrong arguments it says a ``ValueError``, which would come again.
    """
    return is_infrastructure(error) or (isinstance(error, asyncpg.InterfaceError) and not isinstance(error, ValueError))


def is_lost(connection: asyncpg.Connection | asyncpg.pool.PoolConnectionProxy) -> bool:
    """Return whether a connection is gone. A pool takes a lost one back by itself, and then it only raises."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True


def describe(error: BaseException) -> str:
    """Return one line on an error for logs and reasons: its type and first line, without a row's contents."""
    text = error.args[0] if error.args else ""
    first_line = str(text).partition("\n")[0][:200]
    return f"{type(error).__name__}: {first_line}" if first_line else type(error).__name__
