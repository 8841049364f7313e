"""Who is signed in. The browser holds a random id and nothing else; the token stays here, in memory.

What must not break: an id that was known before a sign-in never becomes a signed-in one, and an id that has ended or
timed out is nobody.
"""

import base64
import binascii
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from stickprov_client.api.renewing import RenewableToken
from stickprov_contracts.openid.claims import RolesClaimError, roles_of

IDLE_SECONDS: Final = 2 * 3600
LONGEST_SECONDS: Final = 10 * 3600
MOST: Final = 10_000
"""So many people at once; the one who has been away longest is signed out for the next."""


@dataclass(frozen=True)
class Session:
    """One person at one browser.

    Attributes:
        account: name they signed in with. roles: what their token says; the services decide for themselves.
        token: gives the bearer token at each call, so that a renewed one is used.
        began, seen: seconds of the clock.
        at_provider: marks by which the provider may tell us that it has ended: of its own session, of its subject.
    """

    account: str
    roles: frozenset[str]
    token: Callable[[], str | None] = field(repr=False)
    began: float
    seen: float
    at_provider: frozenset[str] = frozenset()


class Sessions:
    """The sessions of one process; they end with it.

    Args:
        clock: seconds that never go backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_id: OrderedDict[str, Session] = OrderedDict()

    def begin(
        self,
        account: str,
        token: Callable[[], str | None],
        roles: frozenset[str] | None = None,
        at_provider: frozenset[str] = frozenset(),
    ) -> str:
        """Sign somebody in and return the session's id, new each time; without roles, the token tells them."""
        now = self._clock()
        while len(self._by_id) >= MOST:
            self._by_id.popitem(last=False)
        session_id = new_session_id()
        known = roles_in(token() or "") if roles is None else roles
        self._by_id[session_id] = Session(account, known, token, began=now, seen=now, at_provider=at_provider)
        return session_id

    def find(self, session_id: str) -> Session | None:
        """Return a session that has not timed out, and count it as used."""
        session = self._by_id.pop(session_id, None)
        now = self._clock()
        if session is None or now - session.seen > IDLE_SECONDS or now - session.began > LONGEST_SECONDS:
            return None
        if isinstance(session.token, RenewableToken) and session.token.is_over:
            return None
        self._by_id[session_id] = replace(session, seen=now)
        return session

    def ended_at_provider(self, mark: str) -> list[str]:
        """Return the ids of the sessions that bear a mark of the provider's."""
        return [one for one, session in self._by_id.items() if mark in session.at_provider]

    def end(self, session_id: str) -> None:
        """Sign out; nothing happens when nobody was signed in."""
        self._by_id.pop(session_id, None)


def new_session_id() -> str:
    """Return an id that cannot be guessed."""
    return secrets.token_urlsafe(32)


def claims_in(token: str) -> Mapping[str, Any] | None:
    """Read what a token claims, unchecked; None where it is none that can be read."""
    try:
        _, payload, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def roles_in(token: str, claim: str = "roles", theirs: Mapping[str, str] | None = None) -> frozenset[str]:
    """Read the roles a token claims, unchecked: they only decide which links are shown."""
    try:
        return roles_of(claims_in(token) or {}, claim, theirs or {})
    except RolesClaimError:
        return frozenset()
