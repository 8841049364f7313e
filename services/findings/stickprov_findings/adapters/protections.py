"""Which cases have a protected identity: asked of the sampler, whose vault alone knows, and kept in memory only.

What must not break: nothing that may be protected is given to somebody who is not cleared. So what was read is judged
by knowledge as of a position of the sampler's log that is no earlier than what the reading knew of; where that cannot
be had, nothing is given out. Nobody is told that a case is protected: it is like one that was not drawn.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

import asyncpg
import httpx
from pydantic import ValidationError

from stickprov_contracts.http.protections import ProtectedCases
from stickprov_contracts.tracing.calls import pass_on_trace
from stickprov_findings.adapters.sql.statements import SQL
from stickprov_kernel.errors import UnavailableError

_TIMEOUT: Final = httpx.Timeout(10.0, connect=3.0)
_ATTEMPTS: Final = 5
_PATH: Final = "/v1/protections"

Found = TypeVar("Found")
Ask = Callable[[], Awaitable[ProtectedCases]]
Reading = Callable[[list[str]], Awaitable[tuple[Found, int | None]]]
"""Reads without some cases. Returns what it found, and the newest position of the sampler's log that can change
protections and was applied by then; None where the reading did not say."""


class ProtectionsUnknownError(UnavailableError):
    """The sampler cannot be asked, and what was heard since it was asked last may have changed its answer."""

    code = "protections-unknown"
    title = "Who may see this cannot be said just now"

    def __init__(self) -> None:
        super().__init__("The service that knows who may see the case did not answer. Try again shortly.")


@dataclass(frozen=True, slots=True)
class _Known:
    position: int
    cases: frozenset[str]
    listed: list[str]


@dataclass(slots=True)
class Protections:
    """Knows whose identity is protected, as far as the inbox has come.

    Attributes:
        pool: of the findings database, which knows no case that is protected but how far the inbox has come.
        ask: the sampler.
    """

    pool: asyncpg.Pool
    ask: Ask
    _known: _Known | None = field(default=None, init=False)
    _asking: asyncio.Task[None] | None = field(default=None, init=False)

    async def hide(self, case: str, *, cleared: bool, heard: int | None = None) -> bool:
        """Tell whether a case is to be like one that was not drawn.

        Args:
            case: which.
            cleared: whether the caller is cleared for protected identities.
            heard: position that came with what was read of the case; asked of the database when left out.

        Raises:
            ProtectionsUnknownError: it cannot be told.
        """
        if cleared:
            return False
        return case in (await self.now() if heard is None else await self.cases(heard))

    async def judged(self, read: Reading[Found], *, cleared: bool) -> Found:
        """Return what somebody may be given: read without the cases that are to be like those that were not drawn.

        Raises:
            ProtectionsUnknownError: it cannot be told which ones.
        """
        if cleared:
            return (await read([]))[0]
        position = 0
        for _ in range(_ATTEMPTS):
            known = await self._as_of(position)
            found, heard = await read(known.listed)
            position = await self._heard() if heard is None else heard
            if position <= known.position:
                return found
        raise ProtectionsUnknownError

    async def cases(self, position: int) -> frozenset[str]:
        """Return every case that is protected, as of a position of the sampler's log or a later one.

        Raises:
            ProtectionsUnknownError: the sampler does not answer, or knows no such position.
        """
        return (await self._as_of(position)).cases

    async def now(self) -> frozenset[str]:
        """Return every case that is protected, as far as the inbox has come. Raises as ``cases`` does."""
        return await self.cases(await self._heard())

    async def _as_of(self, position: int) -> _Known:
        # A question that was on its way already may be answered as of an earlier position.
        for _ in range(2):
            if self._known is not None and self._known.position >= position:
                return self._known
            if self._asking is None:
                self._asking = asyncio.create_task(self._learn(), name="protections")
            await asyncio.shield(self._asking)
        if self._known is not None and self._known.position >= position:
            return self._known
        raise ProtectionsUnknownError

    async def _learn(self) -> None:
        try:
            answer = await self.ask()
        finally:
            self._asking = None
        if self._known is None or answer.position >= self._known.position:
            self._known = _Known(answer.position, frozenset(answer.cases), answer.cases)

    async def _heard(self) -> int:
        return int(await self.pool.fetchval(SQL["protections_heard"]))


def asking(client: httpx.AsyncClient, token: Callable[[], str]) -> Ask:
    """Return a way to ask the sampler.

    Args:
        client: of its API.
        token: returns the service's bearer token; called each time, so it may be renewed.
    """

    async def ask() -> ProtectedCases:
        try:
            response = await client.get(_PATH, headers={"authorization": f"Bearer {token()}"})
        except (httpx.HTTPError, OSError):
            raise ProtectionsUnknownError from None
        if response.status_code != httpx.codes.OK:
            raise ProtectionsUnknownError
        try:
            return ProtectedCases.model_validate_json(response.content)
        except ValidationError:
            raise ProtectionsUnknownError from None

    return ask


def sampler_at(url: str) -> httpx.AsyncClient:
    """Return a client of the sampler's API at an address; whoever asks for it closes it."""
    return httpx.AsyncClient(base_url=url, timeout=_TIMEOUT, event_hooks={"request": [pass_on_trace]})
