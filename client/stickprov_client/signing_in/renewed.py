"""Tokens of somebody who is signed in, renewed while they work.

What must not break: however many ask at once, the provider is asked once, as a refresh token may count once only; and
who asked and left does not take the answer from the others.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog

from stickprov_client.api.renewing import RenewableToken
from stickprov_client.signing_in.provider import SignIn, Tokens
from stickprov_contracts.openid.asking import ProviderError

_log = structlog.get_logger(__name__)

_AHEAD: Final = 60.0
_LONGEST_SHARE: Final = 0.3
"""So long before its end a token is renewed: a minute, of a short one the last part of its life."""
_PAUSE: Final = 5.0
"""Seconds between two tries that failed, or were of no use."""


class RenewedTokens(RenewableToken):
    """Implements ``RenewableToken`` by a refresh token.

    Args:
        sign_in: at the provider that gave the tokens.
        tokens: the first ones.
        keep: told of each new ones.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        sign_in: SignIn,
        tokens: Tokens,
        keep: Callable[[Tokens], None] = lambda _tokens: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sign_in = sign_in
        self._keep = keep
        self._clock = clock
        self._renewing: asyncio.Task[None] | None = None
        self._tried = 0.0
        self._ended = False
        self.tokens = tokens

    def __call__(self) -> str | None:
        return None if self._clock() >= self.tokens.expires else self.tokens.access

    @property
    def is_over(self) -> bool:
        return self._ended or (self.tokens.refresh is None and self._clock() >= self.tokens.expires)

    async def renew_in_time(self) -> None:
        life = self.tokens.expires - self.tokens.obtained
        if self._clock() >= self.tokens.expires - min(_AHEAD, life * _LONGEST_SHARE):
            await self._renew()

    async def renew_after(self, refused: str | None) -> bool:
        if refused != self.tokens.access and self() is not None:
            return True  # somebody got another meanwhile
        if refused is not None and self._clock() < self.tokens.obtained + _PAUSE:
            return False  # a new one is refused as well: that is not its age
        await self._renew()
        return self() is not None and self.tokens.access != refused

    def end(self) -> None:
        """Renew no more: its owner signed out."""
        self._ended = True

    async def _renew(self) -> None:
        if self._renewing is None or self._renewing.done():
            if self.is_over or self.tokens.refresh is None or self._clock() < self._tried + _PAUSE:
                return
            self._renewing = asyncio.create_task(self._ask())
        await asyncio.shield(self._renewing)

    async def _ask(self) -> None:
        try:
            self.tokens = await self._sign_in.renew(self.tokens)
        except ProviderError as error:
            self._tried = self._clock()
            self._ended = self._ended or error.code == "invalid_grant"
            _log.warning("tokens not renewed", reason=str(error))
        else:
            self._keep(self.tokens)
