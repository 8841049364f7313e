"""The servers the other tests stand on."""

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic


async def test_a_new_database_is_empty_and_its_service_owns_nothing(new_database):
    database = await new_database()

    connection = await asyncpg.connect(database.service_url)
    tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("CREATE TABLE mine ()")
    await connection.close()

    assert tables == 0


async def test_two_new_databases_see_nothing_of_each_other(new_database):
    first, second = await new_database(), await new_database()

    owner = await asyncpg.connect(first.owner_url)
    await owner.execute("CREATE TABLE word (text text)")
    await owner.close()
    other = await asyncpg.connect(second.owner_url)
    found = await other.fetchval("SELECT to_regclass('word')")
    await other.close()

    assert found is None


async def test_a_record_produced_is_consumed(broker):
    records = await _through(broker.bootstrap, "through", [b"one", b"two"])

    assert records == [b"one", b"two"]


async def test_a_wiped_broker_starts_empty_at_the_same_address(own_broker):
    await _through(own_broker.bootstrap, "gone", [b"one"])
    address = own_broker.bootstrap

    own_broker.kill()
    own_broker.wipe()
    own_broker.start()

    admin = AIOKafkaAdminClient(bootstrap_servers=own_broker.bootstrap)
    await admin.start()
    topics = await admin.list_topics()
    await admin.close()
    assert own_broker.bootstrap == address
    assert "gone" not in topics


async def _through(bootstrap: str, topic: str, values: list[bytes]) -> list[bytes]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    for value in values:
        await producer.send_and_wait(topic, value)
    await producer.stop()
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    records = [(await consumer.getone()).value for _ in values]
    await consumer.stop()
    return records
