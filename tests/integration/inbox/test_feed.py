"""The feed over HTTP, served by the real server and read by the real client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from fastapi import FastAPI

from stickprov_kernel.database.migrations import INBOX
from stickprov_kernel.http.identity import require
from stickprov_kernel.log.feed import FeedUnavailableError, HttpFeed, feed_router
from stickprov_kernel.log.memory import MemoryStore
from support.api import Api
from support.inbox import findings_log, open_inbox
from support.waiting import eventually


@asynccontextmanager
async def serving(app: FastAPI, port: int) -> AsyncIterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    task = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started, what="the HTTP server's start")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task


@pytest.fixture
async def source() -> MemoryStore:
    return await findings_log(12)


@pytest.fixture
def api(source: MemoryStore) -> Api:
    return Api(router=feed_router("findings", source, require))


@pytest.fixture
async def url(api: Api, free_port) -> AsyncIterator[str]:
    async with serving(api.build(), free_port()) as address:
        yield address


@pytest.fixture
async def feed(url: str, api: Api) -> AsyncIterator[HttpFeed]:
    async with HttpFeed(url, "findings", lambda: api.issuer.token("reporting", "service")) as client:
        yield client


async def test_the_head_says_how_far_the_log_has_come(feed: HttpFeed, source: MemoryStore):
    head, own = await feed.head(), await source.head()

    assert (head.source, head.position) == ("findings", 12)
    assert (head.chain_hash, head.root) == (own.chain_hash.hex(), own.root.hex())


async def test_the_head_of_an_empty_log_is_nothing(free_port):
    api = Api(router=feed_router("findings", MemoryStore("findings"), require))
    token = api.issuer.token("reporting", "service")
    async with serving(api.build(), free_port()) as url, HttpFeed(url, "findings", lambda: token) as feed:
        head, page = await feed.head(), await feed.read(0, 10)

    assert (head.position, head.chain_hash) == (0, "0" * 64)
    assert page.entries == []


async def test_a_page_is_the_range_behind_a_position(feed: HttpFeed):
    page = await feed.read(5, 3)

    assert [entry.position for entry in page.entries] == [6, 7, 8]
    assert page.head.position == 12


async def test_what_is_read_over_http_can_be_applied(new_database, feed: HttpFeed, source: MemoryStore):
    async with open_inbox(await new_database(INBOX), source) as opened:
        opened.inbox._feed = feed

        await opened.inbox.reconcile()

        assert await opened.applied() == list(range(1, 13))
        assert await opened.copy() == await source.read(0, 12)


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=1001", f"after={2**63}"])
async def test_a_range_that_cannot_be_is_refused(api: Api, query: str):
    assert (await api.call("GET", f"/v1/log?{query}", "service")).status_code == 422


@pytest.mark.parametrize(
    ("role", "status"), [("service", 200), ("auditor", 200), ("coordinator", 200), ("reviewer", 403), ("board", 403)]
)
@pytest.mark.parametrize("path", ["/v1/log", "/v1/log/head"])
async def test_only_services_and_those_who_audit_may_read(api: Api, path: str, role: str, status: int):
    assert (await api.call("GET", path, role)).status_code == status


async def test_nobody_reads_without_signing_in(api: Api):
    assert (await api.call("GET", "/v1/log")).status_code == 401


async def test_the_token_is_asked_for_with_every_request(url: str, api: Api):
    tokens = iter(["expired", api.issuer.token("reporting", "service")])
    async with HttpFeed(url, "findings", lambda: next(tokens)) as feed:
        with pytest.raises(FeedUnavailableError, match="status 401"):
            await feed.head()
        assert (await feed.head()).position == 12


async def test_the_feed_of_another_source_is_refused(url: str, api: Api):
    async with HttpFeed(url, "sampler", lambda: api.issuer.token("reporting", "service")) as feed:
        with pytest.raises(FeedUnavailableError, match="The feed of sampler is that of findings"):
            await feed.head()


async def test_a_source_that_is_away_is_said_to_be(free_port):
    async with HttpFeed(f"http://127.0.0.1:{free_port()}", "findings", lambda: "service") as feed:
        with pytest.raises(FeedUnavailableError, match="could not be read"):
            await feed.read(0, 10)


async def test_a_token_that_cannot_be_read_is_a_fault_that_passes(url: str):
    def missing() -> str:
        raise FileNotFoundError("token")

    async with HttpFeed(url, "findings", missing) as feed:
        with pytest.raises(FeedUnavailableError, match="FileNotFoundError"):
            await feed.head()


async def test_an_answer_that_is_no_feed_is_refused(free_port):
    app = FastAPI()
    app.get("/v1/log/head")(lambda: {"hello": "world"})
    async with serving(app, free_port()) as url, HttpFeed(url, "findings", lambda: "service") as feed:
        with pytest.raises(FeedUnavailableError, match="something else than a feed"):
            await feed.head()
