"""Free texts from findings, asked for when a report is made: reporting keeps none of them."""

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import ClassVar, Final, Self
from uuid import UUID

import httpx
from pydantic import TypeAdapter, ValidationError

from stickprov_contracts.http.notes import AskTexts, KeptText
from stickprov_contracts.tracing.calls import pass_on_trace
from stickprov_kernel.errors import UnavailableError
from stickprov_reporting.domain.reports.material import Kept

_AT_ONCE: Final = 1000
_TIMEOUT: Final = httpx.Timeout(15.0, connect=5.0)
_ANSWER: Final = TypeAdapter(list[KeptText])


class TextsUnavailableError(UnavailableError):
    """Findings does not answer, or not as it should: a report without its words would look finished and not be."""

    code: ClassVar[str] = "texts-unavailable"
    title: ClassVar[str] = "The report's texts cannot be read"

    def __init__(self) -> None:
        super().__init__("Findings does not answer with the report's texts. Try again in a while.")


class FindingsTexts:
    """Reads texts over findings' API."""

    def __init__(self, base_url: str, token: Callable[[], str]) -> None:
        """Make a client; ``token`` returns the bearer token to use now."""
        self._client = httpx.AsyncClient(base_url=base_url, timeout=_TIMEOUT, event_hooks={"request": [pass_on_trace]})
        self._token = token

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def of(self, notes: Iterable[UUID]) -> dict[UUID, Kept]:
        """Return the texts that have not been erased; findings is not asked when there are none.

        Raises:
            TextsUnavailableError: findings did not answer.
        """
        wanted = sorted(set(notes))
        found: dict[UUID, Kept] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            for text in await self._ask(wanted[start : start + _AT_ONCE]):
                found[text.note] = Kept(text.text, bytes.fromhex(text.salt))
        return found

    async def _ask(self, notes: list[UUID]) -> list[KeptText]:
        try:
            answer = await self._client.post(
                "/v1/notes/texts",
                content=AskTexts(notes=notes).model_dump_json(),
                headers={"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"},
            )
            answer.raise_for_status()
            return _ANSWER.validate_json(answer.content)
        except (httpx.HTTPError, ValidationError, OSError) as error:
            raise TextsUnavailableError from error
