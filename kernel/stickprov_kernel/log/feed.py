"""The log over HTTP: a service serves its own, a consumer reads it when Kafka is not enough.

What must not break: a page is contiguous and holds the exact text that was hashed; the reader encodes the envelope
anew and recomputes the chain, so a page that was changed on the way cannot be applied.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Annotated, Final, Self, TypeVar

import httpx
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ValidationError

from stickprov_contracts.log import LogEntry, LogHead, LogPage
from stickprov_contracts.topics import Source
from stickprov_kernel.errors import UnavailableError
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.records import Head, Sequenced
from stickprov_kernel.log.store import LogReader

PAGE_LIMIT: Final = 1000
FEED_ROLES: Final = ("service", "auditor", "coordinator")
_TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0)

_Answer = TypeVar("_Answer", bound=BaseModel)


class FeedUnavailableError(UnavailableError):
    """A source's feed does not answer, or not as a feed does."""

    code = "feed-unavailable"
    title = "Another service does not answer"


def feed_router(source: Source, reader: LogReader, require: Callable[..., Callable[..., object]]) -> APIRouter:
    """Return the routes of a service's own log.

    Args:
        source: short name of the service.
        reader: its sequenced log.
        require: makes the dependency that lets only callers with one of some roles pass.
    """
    router = ServiceRouter(prefix="/v1/log", tags=["log"], dependencies=[Depends(require(*FEED_ROLES))])

    @router.get("", response_model=LogPage, summary="A range of the log")
    async def read_log(
        after: Annotated[int, Query(ge=0, lt=2**63, description="Position to start behind")] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT, description="How many entries at most")] = PAGE_LIMIT,
    ) -> Response:
        """Return up to ``limit`` events after a position, in order and without holes."""
        entries = await reader.read(after, limit)
        # The head is read after the entries, so it is never behind them.
        page = LogPage.model_construct(head=_head(source, await reader.head()), entries=[_entry(e) for e in entries])
        # Built from our own rows: validating a thousand of them again would cost more than reading them did.
        return Response(page.model_dump_json(), media_type="application/json")

    @router.get("/head", summary="How far the log has come")
    async def read_head() -> LogHead:
        """Return the last position with its hashes."""
        return _head(source, await reader.head())

    return router


class HttpFeed:
    """Implements ``Feed`` over another service's ``/v1/log``, or over a copy of it."""

    def __init__(self, base_url: str, source: Source, token: Callable[[], str], *, path: str = "/v1/log") -> None:
        """Make a client.

        Args:
            base_url: address of the source's HTTP API.
            source: whose log it must be.
            token: returns the bearer token to use now; called for every request, so it may be renewed.
            path: where the pages are.
        """
        self._path = path
        self._client = httpx.AsyncClient(base_url=base_url, timeout=_TIMEOUT)
        self._source = source
        self._token = token

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def head(self) -> LogHead:
        return self._own(await self._get(f"{self._path}/head", {}, LogHead))

    async def read(self, after: int, limit: int) -> LogPage:
        page = await self._get(self._path, {"after": after, "limit": limit}, LogPage)
        self._own(page.head)
        return page

    def _own(self, head: LogHead) -> LogHead:
        if head.source != self._source:
            raise FeedUnavailableError(f"The feed of {self._source} is that of {head.source}. Check its address.")
        return head

    async def _get(self, path: str, query: dict[str, int], answer: type[_Answer]) -> _Answer:
        try:
            response = await self._client.get(
                path, params=query, headers={"authorization": f"Bearer {self._token()}", "accept": "application/json"}
            )
        except (httpx.HTTPError, OSError) as error:
            raise FeedUnavailableError(
                f"The feed of {self._source} could not be read ({type(error).__name__})."
            ) from error
        if response.status_code != httpx.codes.OK:
            raise FeedUnavailableError(f"The feed of {self._source} answers with status {response.status_code}.")
        try:
            return answer.model_validate_json(response.content)
        except ValidationError as error:
            raise FeedUnavailableError(
                f"The feed of {self._source} answers with something else than a feed ({error.error_count()} errors)."
            ) from None


def _head(source: Source, head: Head) -> LogHead:
    return LogHead(source=source, position=head.position, chain_hash=head.chain_hash.hex(), root=head.root.hex())


def _entry(entry: Sequenced) -> LogEntry:
    return LogEntry.model_construct(
        position=entry.position,
        chain_hash=entry.chain_hash.hex(),
        envelope=decode(entry.envelope),
        data=entry.data.decode(),
    )
