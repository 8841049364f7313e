"""What the records of a topic say about the log behind it."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from stickprov_kernel.log.guard import contradiction
from stickprov_kernel.log.hashing import GENESIS
from stickprov_kernel.messaging.delivery import Delivery
from support.inbox import deliveries, findings_log


async def log(size: int) -> list[Delivery]:
    return deliveries(await (await findings_log(size)).read(0, size))


def own(entries: Sequence[Delivery]) -> dict[int, bytes]:
    return {0: GENESIS} | {entry.position: entry.chain_hash for entry in entries}


async def test_a_topic_that_holds_what_the_log_holds_is_no_contradiction():
    entries = await log(8)

    assert contradiction(entries, own(entries), 8) is None
    assert contradiction(entries[2:6], own(entries), 8) is None


async def test_an_empty_topic_is_no_contradiction():
    assert contradiction([], own(await log(3)), 3) is None


async def test_a_topic_that_goes_on_behind_the_log_says_that_the_log_lost_events():
    entries = await log(8)

    assert contradiction(entries, own(entries[:6]), 6) == "the log ends at 6, but its topic goes on to 8"
    assert contradiction(entries[:7], own(entries[:6]), 6) == "the log ends at 6, but its topic goes on to 7"


async def test_a_log_that_lost_more_than_the_topics_last_records_is_told_too():
    entries = await log(8)

    assert contradiction(entries[5:], own(entries[:2]), 2) == "the log ends at 2, but its topic goes on to 8"


async def test_a_log_with_another_history_is_told_from_its_first_other_event():
    entries, others = await log(8), await log(9)

    assert contradiction(entries, own(others), 9) == "the log has another event at position 1 than its topic"


@given(position=st.integers(1, 20).filter(lambda position: position != 7), lost=st.integers(0, 5))
async def test_a_record_that_was_altered_on_the_way_blocks_no_log(position: int, lost: int):
    entries = await log(8)
    altered = [replace(entries[6], position=position), replace(entries[4], chain_hash=bytes(32))]

    assert contradiction([*entries, *altered], own(entries), 8) is None
    assert contradiction(altered, own(entries[: 8 - lost]), 8 - lost) is None
