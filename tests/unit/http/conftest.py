from collections.abc import Iterator

import pytest

from support.api import Api
from support.logs import Logged, logging_to_memory


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture(autouse=True)
def logged() -> Iterator[Logged]:
    with logging_to_memory() as logged:
        yield logged
