"""Any interleaving, duplication, dropping and reordering of deliveries gives the same applied log."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stickprov_kernel.database.migrations import INBOX
from support.inbox import deliveries, findings_log, open_inbox

SIZE = 25
batches = st.lists(st.lists(st.integers(1, SIZE), min_size=1, max_size=8), max_size=12)


# The fixture only makes databases: each example asks for a fresh one.
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrivals=batches, requeues=st.integers(0, 2))
async def test_any_way_gives_the_same_applied_log(new_database, arrivals: list[list[int]], requeues: int):
    source = await findings_log(SIZE)
    log = deliveries(await source.read(0, SIZE))
    async with open_inbox(await new_database(INBOX), source) as opened:
        for batch in arrivals:
            await opened.inbox.receive([log[position - 1] for position in batch])
        for _ in range(requeues):
            await opened.inbox.requeue()
        furthest = max((position for batch in arrivals for position in batch), default=0)
        assert await opened.applied() == list(range(1, furthest + 1))

        state = await opened.inbox.reconcile()

        assert await opened.applied() == list(range(1, SIZE + 1))
        assert await opened.copy() == await source.read(0, SIZE)
        assert (state.state, state.position) == ("running", SIZE)
