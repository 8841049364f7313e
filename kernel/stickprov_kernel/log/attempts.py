"""Carrying commands out: read, decide, commit; and all of it again when somebody else was first.

What must not break: a command that was carried out is answered as the first time; whoever named the version that they
saw is not carried out on a later one, because their attempt compares it with what it reads.
"""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from stickprov_kernel.errors import VersionConflictError
from stickprov_kernel.log.records import CommandContext, Receipt
from stickprov_kernel.log.store import EventStore

ATTEMPTS: Final = 5

_Done = TypeVar("_Done")


async def carry_out(
    store: EventStore, context: CommandContext, attempt: Callable[[], Awaitable[Receipt]], *, attempts: int = ATTEMPTS
) -> Receipt:
    """Return the answer that a command got before, or else carry it out.

    Args:
        store: of the log.
        context: of the command.
        attempt: reads, decides and commits.
        attempts: how often; once where somebody else's being first is for the caller to see.

    Raises:
        StickprovError: refused, or somebody was first each time; nothing was stored.
    """
    if (earlier := await store.answer_to(context)) is not None:
        return Receipt(earlier, repeated=True)
    return await until_undisturbed(attempt, attempts=attempts)


async def until_undisturbed(
    attempt: Callable[[], Awaitable[_Done]],
    *,
    attempts: int = ATTEMPTS,
    unless: Callable[[VersionConflictError], bool] = lambda _error: False,
) -> _Done:
    """Have something done, and anew when what it read moved on meanwhile.

    Args:
        attempt: reads, decides and commits.
        attempts: how often at most.
        unless: tells which conflict is not to be tried again.

    Raises:
        VersionConflictError: of the last attempt, or one that is not to be tried again.
    """
    for _ in range(attempts - 1):
        try:
            return await attempt()
        except VersionConflictError as error:
            if unless(error):
                raise
    return await attempt()
