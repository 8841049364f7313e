"""What the sources say of their own logs: their signed checkpoints, and whether their tables are whole.

What must not break: a source that does not answer, or answers with something else, is told apart from one that is
older than the question (404): the latter has nothing to say.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Final, Protocol, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from stickprov_contracts.http.checkpoints import Checkpoints, LogVerification
from stickprov_contracts.topics import Source
from stickprov_kernel.log.feed import FeedUnavailableError

_PAGE: Final = 1000
_CONNECT_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 30.0
_VERIFICATION_SECONDS: Final = 3600.0
"""A source that reads ten million events again takes minutes."""

_Answer = TypeVar("_Answer", bound=BaseModel)


class AuditedSource(Protocol):
    """A source that can be asked about itself."""

    async def checkpoints(self) -> Checkpoints | None:
        """Return all keys and checkpoints; None from a source that knows of none.

        Raises:
            FeedUnavailableError: it does not answer, or not as it should.
        """
        ...

    async def verification(self) -> LogVerification | None:
        """Have it read its own tables again; None from a source that cannot.

        Raises:
            FeedUnavailableError: it does not answer, or not as it should.
        """
        ...


class HttpSource:
    """Implements ``AuditedSource`` over another service's API."""

    def __init__(self, base_url: str, source: Source, token: Callable[[], str]) -> None:
        self._client = httpx.AsyncClient(base_url=base_url)
        self._source = source
        self._token = token

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def checkpoints(self) -> Checkpoints | None:
        page = await self._get("/v1/checkpoints", {"limit": _PAGE}, Checkpoints, _ANSWER_SECONDS)
        if page is None:
            return None
        found, last = page, page
        while len(last.checkpoints) == _PAGE:
            query = {"after": last.checkpoints[-1].size, "limit": _PAGE}
            following = await self._get("/v1/checkpoints", query, Checkpoints, _ANSWER_SECONDS)
            if following is None:
                break
            last = following
            found = found.model_copy(update={"checkpoints": [*found.checkpoints, *last.checkpoints]})
        return found

    async def verification(self) -> LogVerification | None:
        return await self._get("/v1/log/verification", {}, LogVerification, _VERIFICATION_SECONDS)

    async def _get(self, path: str, query: dict[str, int], answer: type[_Answer], seconds: float) -> _Answer | None:
        try:
            response = await self._client.get(
                path,
                params=query,
                headers={"authorization": f"Bearer {self._token()}", "accept": "application/json"},
                timeout=httpx.Timeout(seconds, connect=_CONNECT_SECONDS),
            )
        except (httpx.HTTPError, OSError) as error:
            raise FeedUnavailableError(f"{self._source} could not be asked ({type(error).__name__}).") from error
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        if response.status_code != httpx.codes.OK:
            raise FeedUnavailableError(f"{self._source} answers with status {response.status_code}.")
        try:
            return answer.model_validate_json(response.content)
        except ValidationError as error:
            raise FeedUnavailableError(
                f"{self._source} answers with something else than was asked for ({error.error_count()} errors)."
            ) from None
