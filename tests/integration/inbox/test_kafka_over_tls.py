"""Relay and consumer reach a broker over TLS and signed in; where that fails they wait, say why, and nothing ends."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from stickprov_kernel.messaging.access import KafkaAccess
from support import apache_kafka
from support.apache_kafka import PASSWORD
from support.certificates import Authority
from support.inbox import open_inbox
from support.log import open_log
from support.logs import Logged, logging_to_memory
from support.pipeline import Pipeline, running
from support.secure_kafka import SecureKafka
from support.waiting import eventually

pytestmark = pytest.mark.kafka


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureKafka]:
    if missing := apache_kafka.is_missing():
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("kafka")
    broker = SecureKafka(folder, Authority(folder))
    broker.start()
    yield broker
    broker.close()


@pytest.fixture
def logged() -> Iterator[Logged]:
    with logging_to_memory() as logged:
        yield logged


@asynccontextmanager
async def pipeline(new_database, broker: SecureKafka, access: KafkaAccess) -> AsyncIterator[Pipeline]:
    async with open_log(await new_database()) as log, open_inbox(await new_database(), log.reader) as heard:
        heard.feed.away = True  # so that nothing but the broker can bring the log
        yield Pipeline(broker, log, heard, access)


@pytest.mark.parametrize("way", ["SSL", "SCRAM-SHA-256", "SCRAM-SHA-512"])
async def test_a_log_goes_over_tls_signed_in_or_not(new_database, broker: SecureKafka, tmp_path: Path, way):
    access = broker.over_tls() if way == "SSL" else broker.signed_in(tmp_path / "password", mechanism=way)
    async with pipeline(new_database, broker, access) as going:
        last = await going.record(25)
        async with running(going.relay().run()), running(going.consumer().run()):
            await going.applied(last, bound=60)


def wrong_ways(broker: SecureKafka, folder: Path) -> dict[str, KafkaAccess]:
    return {
        "a wrong password": broker.signed_in(folder / "wrong", password="hunter2-guessed"),
        "another user": replace(broker.signed_in(folder / "right"), user="somebody"),
        "an unknown authority": broker.over_tls(believed=Authority(folder, "unknown authority").file),
        "another host": broker.over_tls(host="127.0.0.1"),
        "in the clear": KafkaAccess(f"localhost:{broker.tls_port}"),
        "TLS to a door in the clear": replace(broker.over_tls(), bootstrap=broker.bootstrap),
    }


@pytest.mark.parametrize(
    "way",
    [
        "a wrong password",
        "another user",
        "an unknown authority",
        "another host",
        "in the clear",
        "TLS to a door in the clear",
    ],
)
async def test_who_is_not_let_in_waits_says_why_and_tells_no_password(
    new_database, broker: SecureKafka, tmp_path: Path, logged: Logged, way: str
):
    async with pipeline(new_database, broker, wrong_ways(broker, tmp_path)[way]) as stopped:
        await stopped.record(3)
        relay, consumer = stopped.relay(), stopped.consumer()
        async with running(relay.run()) as _, running(consumer.run()):

            async def told() -> bool:
                return len(logged.lines("relay-interrupted")) >= 2

            await eventually(told, bound=60, what="two attempts that were refused")
            assert relay.trouble() is not None
            assert relay.lag() == 3
            condition = await consumer.readiness("findings", 1000)()
            assert "away: Kafka" in condition.detail

    assert "Kafka" in relay.trouble()
    for planted in ("hunter2", PASSWORD):
        assert planted not in logged.text


async def test_whoever_gets_the_right_password_later_goes_on_without_a_restart(
    new_database, broker: SecureKafka, tmp_path: Path, logged: Logged
):
    access = broker.signed_in(tmp_path / "password", password="hunter2-guessed")
    async with pipeline(new_database, broker, access) as going:
        last = await going.record(3)
        relay = going.relay()
        async with running(relay.run()), running(going.consumer().run()):

            async def refused() -> bool:
                return relay.trouble() is not None

            await eventually(refused, bound=60, what="a refusal")
            broker.signed_in(tmp_path / "password")
            await going.applied(last, bound=90)
            assert relay.trouble() is None
