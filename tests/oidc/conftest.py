"""The OpenID provider of the tests. Where it or node is missing, tests here are left out; `.ci/run` lets none be."""

from collections.abc import Iterator

import pytest

from support.openid_provider import OpenIdProvider, skip_without_provider


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    skip_without_provider()
    running = OpenIdProvider("http://127.0.0.1:9")
    running.start()
    yield running
    running.stop()
