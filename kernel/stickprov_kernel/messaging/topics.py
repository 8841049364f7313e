"""Topics as logs need them: one partition, kept for ever, safe against the loss of a broker where there are three.

What must not break: a log's topic exists with this configuration before the first record. A topic that the broker
made by itself keeps seven days.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.messaging.apart import ended, started

_REQUEST_MS: Final = 10_000
_MOST_REPLICAS: Final = 3
_MOST_IN_SYNC: Final = 2
_SET_ON_TOPIC: Final = 1  # config source "dynamic topic config", KIP-226

_log = structlog.get_logger(__name__)


class TopicMisconfiguredError(Exception):
    """A topic exists with a configuration that a log must not have, and it could not be repaired."""


async def ensure_topic(kafka: KafkaAccess, name: str) -> None:
    """Create a log's topic, or check and repair the one that is there.

    Raises:
        TopicMisconfiguredError: names what is wrong with the topic and what to do.
        KafkaError: the broker is away or refuses.
    """
    async with _admin(kafka) as admin:
        brokers = len((await admin.describe_cluster())["brokers"])
        replicas = min(_MOST_REPLICAS, max(1, brokers))
        if not await _create(admin, name, replicas):
            await _check(admin, name)


@asynccontextmanager
async def _admin(kafka: KafkaAccess) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**kafka.client_options(), request_timeout_ms=_REQUEST_MS)
    try:
        await started(admin.start())
        yield admin
    finally:
        await ended(admin.close())


def _wanted(replicas: int) -> dict[str, str]:
    return {
        "cleanup.policy": "delete",
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "min.insync.replicas": str(min(_MOST_IN_SYNC, replicas)),
    }


async def _create(admin: AIOKafkaAdminClient, name: str, replicas: int) -> bool:
    """Create the topic; return False if there is one already."""
    topic = NewTopic(name, num_partitions=1, replication_factor=replicas, topic_configs=_wanted(replicas))
    response: Any = await admin.create_topics([topic])
    code = response.topic_errors[0][1]
    if code == TopicAlreadyExistsError.errno:
        return False
    if code:
        raise for_code(code)(f"topic {name} could not be created")
    _log.info("topic-created", topic=name, replicas=replicas)
    return True


async def _check(admin: AIOKafkaAdminClient, name: str) -> None:
    described = (await admin.describe_topics([name]))[0]
    partitions = described["partitions"]
    if len(partitions) != 1:
        raise TopicMisconfiguredError(
            f"Topic {name} has {len(partitions)} partitions, but a log is one sequence. Delete the topic; "
            "it is created anew, and consumers read from the feed what they miss."
        )
    wanted = _wanted(len(partitions[0]["replicas"]))
    own, effective = await _configuration(admin, name)
    if _wrong(wanted, effective):
        await _repair(admin, name, own, wanted)


async def _repair(admin: AIOKafkaAdminClient, name: str, own: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    # This request replaces the whole configuration of the topic, so what else was set on it must go along.
    resource = ConfigResource(ConfigResourceType.TOPIC, name, {**own, **wanted})
    responses: list[Any] = await admin.alter_configs([resource])
    refused = next((code for code, *_ in responses[0].resources if code), 0)
    _, effective = await _configuration(admin, name)
    wrong = _wrong(wanted, effective)
    if wrong:
        raise TopicMisconfiguredError(
            f"Topic {name} has {_listed(wrong)} and could not be altered (Kafka error {refused}). "
            f"Set {_listed({key: wanted[key] for key in wrong})} on it."
        )
    _log.warning("topic-repaired", topic=name)


async def _configuration(admin: AIOKafkaAdminClient, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is set on the topic itself, and what is in force."""
    responses: list[Any] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    _, _, _, _, entries = responses[0].resources[0]
    own = {entry[0]: entry[1] for entry in entries if entry[3] == _SET_ON_TOPIC}
    return own, {entry[0]: entry[1] for entry in entries}


def _wrong(wanted: Mapping[str, str], effective: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that differ. A setting the broker does not know cannot be wrong."""
    return {key: effective[key] for key in wanted if key in effective and effective[key] != wanted[key]}


def _listed(settings: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in settings.items())
