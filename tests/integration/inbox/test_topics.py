"""A log's topic exists as it must be, or somebody is told."""

import asyncio
import gc
import warnings

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaConnectionError

from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.messaging.topics import TopicMisconfiguredError, ensure_topic
from support.broker import Broker


async def create(broker: Broker, topic: NewTopic) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    await admin.create_topics([topic])
    await admin.close()


async def configuration(broker: Broker, topic: str) -> dict[str, str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    await admin.close()
    return {entry[0]: entry[1] for entry in answers[0].resources[0][4]}


async def test_a_new_topic_keeps_everything_for_ever(broker: Broker):
    await ensure_topic(broker.access, "new")

    found = await configuration(broker, "new")
    assert (found["retention.ms"], found["retention.bytes"], found["cleanup.policy"]) == ("-1", "-1", "delete")
    assert found["min.insync.replicas"] == "1"


async def test_a_topic_that_is_right_is_left_alone(broker: Broker):
    await ensure_topic(broker.access, "right")
    before = await configuration(broker, "right")

    await ensure_topic(broker.access, "right")

    assert await configuration(broker, "right") == before


async def test_a_topic_that_keeps_seven_days_is_repaired_and_keeps_its_other_settings(broker: Broker):
    settings = {"retention.ms": "604800000", "cleanup.policy": "compact", "segment.bytes": "2000000"}
    await create(broker, NewTopic("short", 1, 1, topic_configs=settings))

    await ensure_topic(broker.access, "short")

    found = await configuration(broker, "short")
    assert (found["retention.ms"], found["cleanup.policy"], found["segment.bytes"]) == ("-1", "delete", "2000000")


async def test_a_topic_with_several_partitions_is_refused(broker: Broker):
    await create(broker, NewTopic("wide", 3, 1))

    with pytest.raises(TopicMisconfiguredError, match="Topic wide has 3 partitions, but a log is one sequence"):
        await ensure_topic(broker.access, "wide")


async def test_a_broker_that_is_away_is_said_to_be(free_port):
    with pytest.raises(KafkaConnectionError):
        await ensure_topic(KafkaAccess(f"127.0.0.1:{free_port()}"), "any")


async def test_who_is_told_to_stop_at_any_moment_of_asking_leaves_no_connection_open(broker: Broker):
    await ensure_topic(broker.access, "asked-for")
    with warnings.catch_warnings(record=True) as left_open:
        warnings.simplefilter("always", ResourceWarning)
        for half_milliseconds in range(40):
            task = asyncio.create_task(ensure_topic(broker.access, "asked-for"))
            await asyncio.sleep(half_milliseconds / 2000)
            task.cancel()
            await asyncio.wait({task}, timeout=10)
            assert task.done()
            del task
        gc.collect()

    assert [str(one.message) for one in left_open] == []
