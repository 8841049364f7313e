"""The token that a service shows to other services: in a file, or asked of the issuer and renewed in time.

What must not break: whoever uses it waits for nobody; a token is renewed well before it expires, and the one at hand
is used while the issuer is away.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import structlog

from stickprov_contracts.openid.asking import ProviderError
from stickprov_contracts.openid.token_endpoint import Client
from stickprov_kernel.http.health import Condition
from stickprov_kernel.http.provider import Grant, Provider
from stickprov_kernel.token_settings import TokenSettings

_LOG = structlog.stdlib.get_logger("stickprov.http")
_RENEWED_AFTER: Final = 2 / 3
"""Part of a token's life after which the next one is asked for."""
_LONGEST_SLEEP: Final = 30.0  # a machine that was suspended must notice soon that time went on
_LONGEST_PAUSE: Final = 60.0


class NoServiceTokenError(OSError):
    """The issuer has given no token yet, or the last one has expired."""


class GrantedToken:
    """A token by client credentials.

    Args:
        ask: the issuer, for a token.
        clock: seconds since 1970, as tokens count them.
    """

    def __init__(self, ask: Callable[[], Awaitable[Grant]], clock: Callable[[], float] = time.time) -> None:
        self._ask = ask
        self._clock = clock
        self._grant: Grant | None = None
        self._given = 0.0
        self._fault: str | None = None
        self._failures = 0
        self._tried = 0.0

    def __call__(self) -> str:
        """Return the token.

        Raises:
            NoServiceTokenError: there is none.
        """
        if self._grant is None or self._clock() >= self._given + self._grant.seconds:
            raise NoServiceTokenError(f"There is no token to ask other services with: {self._fault or 'not yet'}.")
        return self._grant.token

    async def renew(self) -> None:
        """Ask for a new token now; the old one stays when that fails."""
        asked = self._tried = self._clock()
        try:
            self._grant = await self._ask()
        except (ProviderError, OSError) as error:
            self._failures += 1
            self._fault = str(error) if isinstance(error, ProviderError) else "the client's secret cannot be read"
            _LOG.warning("service-token-not-renewed", reason=self._fault)
        else:
            self._given, self._failures, self._fault = asked, 0, None

    async def run(self) -> None:
        """Renew in time, until cancelled."""
        while True:
            wait = self.due() - self._clock()
            if wait <= 0:
                await self.renew()
            else:
                await asyncio.sleep(min(wait, _LONGEST_SLEEP))

    def due(self) -> float:
        """Return when the next token is to be asked for; after a failure soon, then less often."""
        if self._failures:
            return self._tried + min(2.0 ** (self._failures - 1), _LONGEST_PAUSE)
        return self._given + self._grant.seconds * _RENEWED_AFTER if self._grant is not None else self._tried

    async def condition(self) -> Condition:
        """Tell whether there is a token."""
        try:
            self()
        except NoServiceTokenError:
            return Condition(ok=False, detail=self._fault or "not asked for yet")
        return Condition(ok=True, detail=f"not renewed: {self._fault}" if self._fault else "at hand")


def granted_token(settings: TokenSettings) -> GrantedToken | None:
    """Return what asks the issuer for the service's token; None where a file holds it."""
    client_id, secret_file = settings.service_client_id, settings.service_client_secret_file
    if client_id is None or secret_file is None:
        return None

    provider = Provider(settings.token_issuer, local=settings.mode == "local")

    async def ask() -> Grant:
        client = Client(client_id, _read(secret_file))
        return await provider.grant(client, settings.service_token_scope, settings.service_token_resource)

    return GrantedToken(ask)


async def service_token_at_once(settings: TokenSettings) -> Callable[[], str]:
    """Return a service token for work that is soon over.

    Raises:
        NoServiceTokenError: the issuer gives none.
    """
    granted = granted_token(settings)
    if granted is None:
        return settings.read_service_token
    await granted.renew()
    granted()
    return granted


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()
