"""Storing what belongs to a period, as long as the period is open: a closing that comes first wins.

What must not break: whatever stands after a closing in the log was not stored in the closed period. Who stores in a
plan's periods shares the plan's lock; who closes one has it alone. The lock is taken before the streams are looked at
and goes with the transaction, so that the look is not outdated when the events become visible.
"""

from collections.abc import Sequence
from typing import Final

from stickprov_contracts.events import Period
from stickprov_contracts.streams import plan_stream
from stickprov_kernel.log.attempts import until_undisturbed
from stickprov_kernel.log.records import CommandContext, Receipt, SideStatement, StreamAppend
from stickprov_kernel.log.store import EventStore
from stickprov_sampler.adapters.streams import require_open

_PLANS: Final = plan_stream("")
_LOCKS: Final = int.from_bytes(b"plan")
"""The first half of the key of a plan's advisory lock: other locks of this database have another."""
_SHARED: Final = "SELECT pg_advisory_xact_lock_shared($1::int, hashtext($2::text))"
_ALONE: Final = "SELECT pg_advisory_xact_lock($1::int, hashtext($2::text))"


async def commit_while_open(
    store: EventStore,
    context: CommandContext,
    control_points: Sequence[str],
    period: Period,
    appends: Sequence[StreamAppend],
    answer: bytes,
    also: Sequence[SideStatement] = (),
) -> Receipt:
    """Commit events of a period, unless it is closed for one of the control points by then.

    Raises:
        PeriodClosedError: it is; nothing was stored.
        VersionConflictError: one of the events' own streams moved on; nothing was stored.
    """
    own = {append.stream for append in appends}

    async def attempt() -> Receipt:
        read = await require_open(store, control_points, period)
        unmoved = [StreamAppend(history.stream, history.version, []) for history in read]
        plans = sorted(history.stream for history in read if history.stream.startswith(_PLANS))
        locks = [SideStatement(_SHARED, (_LOCKS, stream), first=True) for stream in plans]
        return await store.commit(context, [*appends, *unmoved], answer, also=[*locks, *also])

    # A plan or a point that moved on for another reason than a closing is no obstacle.
    return await until_undisturbed(attempt, unless=lambda error: error.stream in own)


def closing_alone(plan: str) -> SideStatement:
    """Return what waits until nothing is being stored in a plan's periods, and keeps others from it meanwhile."""
    return SideStatement(_ALONE, (_LOCKS, plan_stream(plan)), first=True)
