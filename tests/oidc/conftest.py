"""The OpenID provider of the tests. Where it or node is missing, tests here are left out; `.ci/run` lets none be."""

from collections.abc import Iterator

import pytest

from support.openid_provider import OpenIdProvider, skip_without_provider


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what drives a browser come last: its driver keeps an event loop running in the thread of all later tests."""
    items.sort(key=lambda item: "chromium" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    skip_without_provider()
    running = OpenIdProvider("http://127.0.0.1:9")
    running.start()
    yield running
    running.stop()
