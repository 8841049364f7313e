"""In whose name reporting is asked what has changed, where pages may not ask in their own: of those who listen.

What must not break: a listener's token is used only while they listen, and one that is refused is not used again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from stickprov_client.api import ApiProblem, Services, Unreachable
from stickprov_client.api.transport import Token
from stickprov_contracts.http.dashboard import Changed

_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class Listeners:
    """Who listens now; the one who came last is asked in the name of."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._tokens: list[Token] = []

    @contextmanager
    def joined_by(self, token: Token) -> Iterator[None]:
        """Count somebody as listening for as long as the block lasts."""
        self._tokens.append(token)
        try:
            yield
        finally:
            if token in self._tokens:
                self._tokens.remove(token)

    async def changes(self, mark: str | None) -> Changed:
        """Ask reporting what has changed since a mark.

        Raises:
            ClientError: it does not tell, or nobody listens who may know.
        """
        while self._tokens:
            token = self._tokens[-1]
            try:
                return await self._services.signed_in_with(token).reporting.changes(mark)
            except ApiProblem as error:
                if error.problem.status not in _REFUSED:
                    raise
                if token in self._tokens:
                    self._tokens.remove(token)
        raise Unreachable("reporting", "", "nobody listens who may know")
