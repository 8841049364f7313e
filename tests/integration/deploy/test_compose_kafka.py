"""Apache Kafka with the settings of ``docker-compose.yml`` lets in the services' users, over TLS, and nobody else."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import aiokafka
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_local.ports import free_port
from support import apache_kafka
from support.apache_kafka import ApacheKafka
from support.composed import DEPLOY, make_secrets

pytestmark = pytest.mark.kafka


class ComposedKafka(ApacheKafka):
    """A broker started as ``deploy/compose/kafka/start`` does it, at ports and in folders of the test's own."""

    def __init__(self, folder: Path, secrets: Path) -> None:
        super().__init__(folder)
        self.secrets = secrets
        self.port = free_port()
        text = (DEPLOY / "kafka" / "server.properties").read_text(encoding="utf-8")
        for theirs, ours in (
            (":9092", f":{self.port}"),
            (":9093", f":{free_port()}"),
            (":9094", f":{free_port()}"),
            ("SERVICES://kafka", "SERVICES://localhost"),
            ("/run/secrets", str(secrets)),
            ("/var/lib/kafka/data", str(self._data)),
        ):
            assert theirs in text
            text = text.replace(theirs, ours)
        self._properties.write_text(text, encoding="utf-8")

    def _formatted(self) -> Path:
        # The same arguments as in the script; a test below holds them together.
        how = ["--cluster-id", "c3RpY2twcm92LWNvbXBvc2U", "--config", str(self._properties)]
        self._run("kafka.tools.StorageTool", "format", *how, f"@{self.secrets / 'kafka-users'}")
        self._data.rename(self._data.with_name("formatted"))
        return self._data.with_name("formatted")

    def access_of(self, service: str) -> KafkaAccess:
        """Return a service's access, as Compose's settings give it."""
        return KafkaAccess(
            f"localhost:{self.port}",
            "SASL_SSL",
            "SCRAM-SHA-512",
            f"stickprov-{service}",
            self.secrets / f"{service}-kafka-password",
            self.secrets / "inside-ca.crt",
        )


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposedKafka]:
    if missing := apache_kafka.is_missing():
        pytest.skip(missing)
    broker = ComposedKafka(tmp_path_factory.mktemp("kafka"), make_secrets(tmp_path_factory.mktemp("secrets")).folder)
    broker.start()
    yield broker
    broker.close()


async def refused(access: KafkaAccess) -> bool:
    client = AIOKafkaAdminClient(**access.client_options(), request_timeout_ms=10_000)
    try:
        await client.start()
    except (KafkaError, OSError):
        return True
    finally:
        await client.close()
    return False


def test_the_broker_is_formatted_as_the_script_does_it(broker: ComposedKafka):
    script = (DEPLOY / "kafka" / "start").read_text(encoding="utf-8")

    assert '--config "$settings" @/run/secrets/kafka-users' in script
    assert 'format --cluster-id "$("$storage" random-uuid)"' in script


@pytest.mark.parametrize("service", ["sampler", "findings", "reporting"])
async def test_a_services_user_makes_its_topic_and_writes_and_reads(broker: ComposedKafka, service):
    options = broker.access_of(service).client_options()
    admin = AIOKafkaAdminClient(**options)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(f"of-{service}", 1, 1)])
    finally:
        await admin.close()

    async with aiokafka.AIOKafkaProducer(**options, acks="all", enable_idempotence=True) as producer:
        await producer.send_and_wait(f"of-{service}", b"heard")
    async with aiokafka.AIOKafkaConsumer(
        f"of-{service}", **options, group_id=f"stickprov-{service}", auto_offset_reset="earliest"
    ) as consumer:
        async with asyncio.timeout(60):
            record = await consumer.getone()

    assert record.value == b"heard"


async def test_nobody_else_is_let_in(broker: ComposedKafka, tmp_path: Path):
    right = broker.access_of("sampler")
    guessed = tmp_path / "guessed"
    guessed.write_text("00" * 32)

    assert not await refused(right)
    assert await refused(replace(right, password_file=guessed))
    assert await refused(replace(right, user="somebody"))
    assert await refused(replace(right, protocol="SSL", mechanism=None, user=None, password_file=None))
    assert await refused(KafkaAccess(right.bootstrap))
