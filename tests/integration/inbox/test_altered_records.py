"""A bit flipped in a record on its way is found and named, and the true event is read from the feed."""

from dataclasses import dataclass, replace

from aiokafka import ConsumerRecord
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from stickprov_contracts.topics import FINDINGS_LOG
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.inbox.subscription import Subscription
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.hashing import chain_hash, leaf_hash
from stickprov_kernel.log.memory import MemoryStore
from stickprov_kernel.log.records import Sequenced
from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.messaging.cloudevents import to_headers
from stickprov_kernel.messaging.vouching import Vouching
from support.inbox import OpenInbox, extend, findings_log, open_inbox

SIZE = 60
FIELDS = ["key", "value", "content-type", "ce_position", "ce_chainhash"] + [
    f"ce_{name}"
    for name in ("id", "source", "type", "subject", "streamversion", "time", "actor", "correlationid", "specversion")
]


def record_of(entry: Sequenced) -> ConsumerRecord[bytes, bytes]:
    """Return an entry as the client library hands it over."""
    key = decode(entry.envelope).subject.encode()
    headers = tuple(to_headers(entry))
    return ConsumerRecord(FINDINGS_LOG, 0, entry.position - 1, 0, 0, key, entry.data, None, 0, 0, headers)


def flipped(data: bytes, bit: int) -> bytes:
    bits = bytearray(data)
    bits[bit // 8 % len(bits)] ^= 1 << bit % 8
    return bytes(bits)


def altered(record: ConsumerRecord[bytes, bytes], field: str, bit: int) -> ConsumerRecord[bytes, bytes]:
    """Return the record with one bit of a field flipped."""
    key, value = record.key or b"", record.value or b""
    headers = tuple((name, flipped(text, bit) if name == field else text) for name, text in record.headers)
    return ConsumerRecord(
        *(FINDINGS_LOG, 0, record.offset, 0, 0),
        flipped(key, bit) if field == "key" else key,
        flipped(value, bit) if field == "value" else value,
        *(None, 0, 0, headers),
    )


@dataclass
class Listening:
    """A subscription that is handed records by the test, and the inbox behind it."""

    opened: OpenInbox
    subscription: Subscription
    registry: CollectorRegistry

    @property
    def damaged(self) -> float | None:
        return self.registry.get_sample_value("stickprov_test_inbox_damaged_events_total", {"source": "findings"})

    async def hear(self, *records: ConsumerRecord[bytes, bytes]) -> list[str]:
        """Hand records over in one batch, and return what was logged as an error."""
        with capture_logs() as logs:
            await self.subscription._apply(records)
        return [str(line) for line in logs if line["log_level"] == "error"]

    async def is_whole(self, source: MemoryStore) -> bool:
        """Tell whether each event was applied once and is the source's."""
        state = await self.opened.inbox.state()
        applied = await self.opened.applied() == list(range(1, SIZE + 1))
        return applied and await self.opened.copy() == await source.read(0, SIZE) and state.state == "running"


def listening(opened: OpenInbox, vouching: Vouching | None = None) -> Listening:
    registry = CollectorRegistry()
    metrics = InboxMetrics("test", registry)
    inbox = Inbox(opened.pool, "findings", opened.projection, opened.feed, metrics)
    nowhere = KafkaAccess("127.0.0.1:9", vouching=vouching)
    subscription = Subscription(nowhere, "test", "findings", inbox, metrics, watchdog_seconds=60, max_records=100)
    return Listening(opened, subscription, registry)


FLIPS = st.lists(st.tuples(st.sampled_from(FIELDS), st.integers(0, 8 * 400)), min_size=SIZE // 2, max_size=SIZE // 2)


# The fixture only makes databases: each example asks for a fresh one, and tries many flips on it.
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flips=FLIPS)
async def test_a_flipped_bit_is_named_by_its_field_and_the_true_event_comes_from_the_feed(
    new_database, flips: list[tuple[str, int]]
):
    source = await findings_log(0)
    async with open_inbox(await new_database(), source) as opened:
        heard = listening(opened)
        for number, (field, bit) in enumerate(flips):
            await extend(source, 2)
            one, next_one = map(record_of, await source.read(2 * number, 2))

            told = await heard.hear(altered(one, field, bit), next_one)

            assert heard.damaged == number + 1
            assert len(told) == 1
            attribute = "datacontenttype" if field == "content-type" else field.removeprefix("ce_")
            assert field in told[0] or f"attributes: {attribute}" in told[0]
        assert await heard.is_whole(source)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flips=FLIPS)
async def test_a_flipped_bit_in_a_record_that_comes_again_changes_nothing_and_halts_nothing(
    new_database, flips: list[tuple[str, int]]
):
    source = await findings_log(SIZE)
    records = [record_of(entry) for entry in await source.read(0, SIZE)]
    async with open_inbox(await new_database(), source) as opened:
        heard = listening(opened)
        await heard.hear(*records)

        for number, (field, bit) in enumerate(flips):
            await heard.hear(altered(records[2 * number], field, bit))

        assert await heard.is_whole(source)
        assert opened.inbox.lag() == 0


async def test_whatever_is_altered_in_all_records_the_feed_gives_the_log(new_database):
    source = await findings_log(SIZE)
    records = [record_of(entry) for entry in await source.read(0, SIZE)]
    async with open_inbox(await new_database(), source) as opened:
        heard = listening(opened)

        await heard.hear(*(altered(record, "value", 9) for record in records))

        assert await heard.is_whole(source)
        assert heard.damaged == SIZE


def vouched(record: ConsumerRecord[bytes, bytes], entry: Sequenced, by: Vouching) -> ConsumerRecord[bytes, bytes]:
    """Return the record as a relay with a key publishes it."""
    return replace(record, headers=(*record.headers, by.header(entry.position, entry.chain_hash)))


def forged(last: Sequenced) -> Sequenced:
    """Return what somebody who can read the topic makes up: the same event again, as the next, its hashes right."""
    leaf = leaf_hash(last.envelope, last.data)
    return Sequenced(last.position + 1, chain_hash(last.chain_hash, leaf), last.envelope, last.data)


async def test_what_a_stranger_writes_to_the_topic_is_not_believed_however_well_its_hashes_fit(new_database):
    ours, theirs = Vouching(b"k" * 32), Vouching(b"s" * 32)
    source = await findings_log(3)
    entries = await source.read(0, 3)
    made_up = forged(entries[-1])
    async with open_inbox(await new_database(), source) as opened:
        heard = listening(opened, ours)
        await heard.hear(*(vouched(record_of(entry), entry, ours) for entry in entries))

        for record in (record_of(made_up), vouched(record_of(made_up), made_up, theirs)):
            (error,) = await heard.hear(record)
            assert "nobody of ours vouches for it" in error

        state = await opened.inbox.state()
        assert (state.position, state.state) == (3, "running")
        await extend(source, 1)
        (true,) = await source.read(3, 1)
        assert await heard.hear(vouched(record_of(true), true, ours)) == []
        assert await opened.copy() == await source.read(0, 4)


async def test_what_was_published_before_records_were_vouched_for_is_read_from_the_feed(new_database):
    ours = Vouching(b"k" * 32)
    source = await findings_log(3)
    first, second, third = await source.read(0, 3)
    async with open_inbox(await new_database(), source) as opened:
        heard = listening(opened, ours)

        await heard.hear(record_of(first), record_of(second), vouched(record_of(third), third, ours))

        assert await opened.copy() == [first, second, third]
