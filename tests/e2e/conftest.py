"""Whole stacks, each in a folder of its own, on the broker that STICKPROV_TEST_BROKER names."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support import apache_kafka
from support.apache_kafka import ApacheKafka
from support.stack import LocalStack


@pytest.fixture
def kafka(short_folder: Path) -> Iterator[ApacheKafka | None]:
    wanted = os.environ.get("STICKPROV_TEST_BROKER", "noida")
    if wanted == "noida":
        yield None
        return
    if wanted != "apache":
        pytest.fail(f"STICKPROV_TEST_BROKER is {wanted!r}; it may be 'noida' or 'apache'")
    # Asked for by name, so that being unable to is a failure and no skip.
    if missing := apache_kafka.is_missing():
        pytest.fail(missing)
    (short_folder / "kafka").mkdir()
    node = ApacheKafka(short_folder / "kafka")
    node.start()
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
