"""Whole stacks, each in a folder of its own, on the broker that STICKPROV_TEST_BROKER names."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.apache_kafka import ApacheKafka
from support.brokers import apache_is_wanted, started_broker
from support.stack import LocalStack


@pytest.fixture
def kafka(short_folder: Path) -> Iterator[ApacheKafka | None]:
    if not apache_is_wanted():
        yield None
        return
    node = started_broker(short_folder / "kafka")
    assert isinstance(node, ApacheKafka)
    yield node
    node.close()


@pytest.fixture
def new_stack(short_folder: Path, kafka: ApacheKafka | None) -> Iterator[Callable[[], LocalStack]]:
    made: list[LocalStack] = []

    def make() -> LocalStack:
        stack = LocalStack(short_folder, kafka)
        made.append(stack)
        return stack

    yield make
    for stack in made:
        stack.close()


@pytest.fixture
def stack(new_stack: Callable[[], LocalStack]) -> LocalStack:
    started = new_stack()
    started.start()
    return started
