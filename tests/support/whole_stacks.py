"""Whole stacks, each in a folder of its own, on the broker that STICKPROV_TEST_BROKER names."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from support.apache_kafka import ApacheKafka
from support.brokers import apache_is_wanted, started_broker
from support.stack import LocalStack


@contextmanager
def _broker_in(folder: Path) -> Iterator[ApacheKafka | None]:
    """Run Apache Kafka if the tests are to use it; else each stack runs a broker of its own."""
    if not apache_is_wanted():
        yield None
        return
    node = started_broker(folder)
    assert isinstance(node, ApacheKafka)
    with closing(node):
        yield node


@pytest.fixture
def kafka(short_folder: Path) -> Iterator[ApacheKafka | None]:
    with _broker_in(short_folder / "kafka") as node:
        yield node


@pytest.fixture(scope="module")
def module_kafka(session_folder: Path, request: pytest.FixtureRequest) -> Iterator[ApacheKafka | None]:
    with _broker_in(session_folder / f"{request.module.__name__}-kafka") as node:
        yield node


@pytest.fixture(scope="module")
def module_stack(
    session_folder: Path, module_kafka: ApacheKafka | None, request: pytest.FixtureRequest
) -> Iterator[LocalStack]:
    """A running stack for tests of one module that stay out of each other's way."""
    folder = session_folder / request.module.__name__
    folder.mkdir()
    stack = LocalStack(folder, module_kafka)
    with closing(stack):
        stack.start()
        yield stack


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
