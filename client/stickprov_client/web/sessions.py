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
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

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
    """

    account: str
    roles: frozenset[str]
    token: Callable[[], str | None] = field(repr=False)
    began: float
    seen: float


class Sessions:
    """The sessions of one process; they end with it.

    Args:
        clock: seconds that never go backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_id: OrderedDict[str, Session] = OrderedDict()

    def begin(self, account: str, token: Callable[[], str | None]) -> str:
        """Sign somebody in and return the session's id, new each time."""
        now = self._clock()
        while len(self._by_id) >= MOST:
            self._by_id.popitem(last=False)
        session_id = new_session_id()
        self._by_id[session_id] = Session(account, roles_in(token() or ""), token, began=now, seen=now)
        return session_id

    def find(self, session_id: str) -> Session | None:
        """Return a session that has not timed out, and count it as used."""
        session = self._by_id.pop(session_id, None)
        now = self._clock()
        if session is None or now - session.seen > IDLE_SECONDS or now - session.began > LONGEST_SECONDS:
            return None
        self._by_id[session_id] = replace(session, seen=now)
        return session

    def end(self, session_id: str) -> None:
        """Sign out; nothing happens when nobody was signed in."""
        self._by_id.pop(session_id, None)


def new_session_id() -> str:
    """Return an id that cannot be guessed."""
    return secrets.token_urlsafe(32)


def roles_in(token: str) -> frozenset[str]:
    """Read the roles a token claims, unchecked: they only decide which links are shown."""
    try:
        _, payload, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return frozenset(str(role) for role in claims["roles"])
    except (ValueError, binascii.Error, KeyError, TypeError):
        return frozenset()
