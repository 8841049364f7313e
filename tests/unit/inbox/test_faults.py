"""Faults that pass, and faults that would come again for ever."""

import asyncpg
import pytest

from stickprov_kernel.log.feed import FeedUnavailableError
from stickprov_kernel.messaging.faults import describe, is_infrastructure


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.ConnectionDoesNotExistError("gone"),
        asyncpg.DeadlockDetectedError("deadlock"),
        asyncpg.SerializationError("again"),
        asyncpg.AdminShutdownError("going down"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.QueryCanceledError("too long"),
        asyncpg.DiskFullError("full"),
        asyncpg.TooManyConnectionsError("full"),
    ],
)
def test_what_passes_is_a_fault_of_the_infrastructure(error: Exception):
    assert is_infrastructure(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        KeyError("x"),
        asyncpg.UniqueViolationError("twice"),
        asyncpg.DataError("no number"),
        asyncpg.InterfaceError("the server expects 1 argument"),
        FeedUnavailableError("not here: nobody reads a feed while applying"),
    ],
)
def test_what_would_come_again_is_a_fault_of_the_event(error: Exception):
    assert not is_infrastructure(error)


def test_a_description_is_one_line_without_a_rows_contents():
    error = asyncpg.UniqueViolationError("duplicate key value violates unique constraint\nDETAIL: Key (id)=(secret)")
    error.detail = "Key (id)=(secret)"

    assert describe(error) == "UniqueViolationError: duplicate key value violates unique constraint"


def test_a_description_of_an_error_without_text_is_its_type():
    assert describe(TimeoutError()) == "TimeoutError"
