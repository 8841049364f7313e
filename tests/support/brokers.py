"""Which Kafka the tests run on: noida-db's, or Apache Kafka itself where STICKPROV_TEST_BROKER says ``apache``."""

import os
from pathlib import Path

import pytest

from support import apache_kafka
from support.apache_kafka import ApacheKafka
from support.broker import Broker

AnyBroker = Broker | ApacheKafka


def apache_is_wanted() -> bool:
    """Tell whether these tests are to run on Apache Kafka; fails when they are and cannot."""
    wanted = os.environ.get("STICKPROV_TEST_BROKER", "noida")
    if wanted not in {"noida", "apache"}:
        raise pytest.UsageError(f"STICKPROV_TEST_BROKER is {wanted!r}; it may be 'noida' or 'apache'")
    # Asked for by name, so that being unable to is a failure and no skip.
    if wanted == "apache" and (missing := apache_kafka.is_missing()):
        raise pytest.UsageError(missing)
    return wanted == "apache"


def started_broker(folder: Path) -> AnyBroker:
    """Start a broker of the wanted kind with its data in a new folder."""
    folder.mkdir()
    broker = ApacheKafka(folder) if apache_is_wanted() else Broker(folder)
    broker.start()
    return broker
