"""The issuer's keys, asked of itself and kept.

What must not break: the issuer is asked once at a time and, whatever tokens come in, at most every half minute; while
it is away, the last good keys count.
"""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Final

import structlog
from joserfc.jwk import KeySet

from stickprov_contracts.openid.asking import ProviderError
from stickprov_kernel.errors import UnavailableError
from stickprov_kernel.http.provider import Provider

_LOG = structlog.stdlib.get_logger("stickprov.http")

BETWEEN_LOOKS: Final = 30.0
"""Seconds between two looks for a key that nobody knows."""
_FRESH: Final = 3600.0
_LONGEST_PAUSE: Final = 60.0


class IssuerKeys:
    """Implements ``Keys`` over a provider; ``run`` keeps them fresh.

    Args:
        provider: the issuer.
        clock: seconds that never go backwards.

    Attributes:
        fetched: when the issuer last gave its keys, in seconds since 1970; 0 for never.
    """

    def __init__(self, provider: Provider, clock: Callable[[], float] = time.monotonic) -> None:
        self._provider = provider
        self._clock = clock
        self._keys: KeySet | None = None
        self._looking: asyncio.Task[None] | None = None
        self._looked: float | None = None
        self.fetched = 0.0
        self._fault: str | None = None
        self._failures = 0

    def keys(self) -> KeySet:
        """Return the last good keys."""
        if self._keys is None:
            raise UnavailableError("The sign-in's keys are not there yet. Try again shortly.")
        return self._keys

    async def look_again(self) -> bool:
        """Ask the issuer for its keys, unless that was done a moment ago; many who ask at once wait for one answer."""
        if self._looking is None or self._looking.done():
            if self._looked is not None and self._clock() - self._looked < BETWEEN_LOOKS:
                return False
            self._looking = asyncio.create_task(self._look(), name="issuer-keys-look")
        # Whoever gives up waiting does not take the answer from the others.
        await asyncio.shield(self._looking)
        return True

    async def run(self) -> None:
        """Ask now, soon again while that fails, and every hour; until cancelled."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(self._pause())
        finally:
            if self._looking is not None:
                self._looking.cancel()

    def state(self) -> tuple[bool, str]:
        """Return whether there are keys, and in words how the issuer is."""
        if self._keys is None:
            return False, self._fault or "the issuer was not asked yet"
        known = f"{len(self._keys.keys)} keys"
        return True, f"{known}, the last ones known: {self._fault}" if self._fault else known

    async def _look(self) -> None:
        self._looked = self._clock()
        try:
            self._keys = await self._provider.keys()
        except ProviderError as error:
            self._failures += 1
            self._fault = str(error)
            _LOG.warning("issuer-keys-not-fetched", reason=str(error), known=self._keys is not None)
        else:
            self._failures = 0
            self._fault = None
            self.fetched = time.time()

    def _pause(self) -> float:
        longest = _FRESH if not self._failures else min(2.0 ** (self._failures - 1), _LONGEST_PAUSE)
        return longest * random.uniform(0.8, 1.0)  # noqa: S311  # so that replicas do not ask in step
