"""Relay and consumer sign in to a broker that lets in nobody else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiokafka.errors import KafkaError

from stickprov_kernel.messaging.topics import ensure_topic
from support import apache_kafka
from support.apache_kafka import ApacheKafka
from support.inbox import open_inbox
from support.log import open_log
from support.pipeline import Pipeline, running

pytestmark = pytest.mark.kafka


@pytest.fixture
def broker(tmp_path: Path):
    if missing := apache_kafka.is_missing():
        pytest.skip(missing)
    broker = ApacheKafka(tmp_path)
    broker.start()
    yield broker
    broker.close()


@pytest.fixture
async def pipeline(new_database, broker: ApacheKafka, tmp_path: Path) -> AsyncIterator[Pipeline]:
    access = broker.access_signed_in(tmp_path / "password")
    async with open_log(await new_database()) as log, open_inbox(await new_database(), log.reader) as heard:
        heard.feed.away = True  # so that nothing but the broker can bring the log
        yield Pipeline(broker, log, heard, access)


async def test_a_log_goes_over_a_broker_that_asks_who_one_is(pipeline: Pipeline):
    last = await pipeline.record(25)

    async with running(pipeline.relay().run()), running(pipeline.consumer().run()):
        await pipeline.applied(last, bound=60)


async def test_a_wrong_password_is_refused_and_the_right_one_let_in(broker: ApacheKafka, tmp_path: Path):
    right = broker.access_signed_in(tmp_path / "password")
    wrong = broker.access_signed_in(tmp_path / "wrong", password="guessed")

    for refused in (wrong, replace(right, user="somebody")):
        with pytest.raises(KafkaError):
            await ensure_topic(refused, "signed")
    await ensure_topic(right, "signed")
