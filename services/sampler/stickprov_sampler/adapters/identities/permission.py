"""Whether somebody may see who a case is: findings knows who may review it, and is asked as the caller.

What must not break: whoever may not review a case is not shown it; when findings cannot be asked, nobody is.
"""

from typing import Final, Literal
from urllib.parse import quote
from uuid import UUID

import httpx

from stickprov_contracts.events.sampler import CaseDrawn
from stickprov_kernel.errors import ForbiddenError, UnavailableError
from stickprov_kernel.http.identity import Caller
from stickprov_sampler.domain.draw.continuing import CaseUnknownError

_TIMEOUT: Final = httpx.Timeout(10.0, connect=3.0)

Purpose = Literal["review", "second-review", "file-review"]


class IdentityNotShownError(ForbiddenError):
    """The caller may not review the case."""

    code = "identity-not-shown"
    title = "Who this case is, is not for you to see"

    def __init__(self) -> None:
        super().__init__("Only those who may review a case are shown who it is. Take the next case of your own queue.")


def is_cleared(caller: Caller) -> bool:
    """Tell whether a caller is cleared for protected identities."""
    return "protected-reviewer" in caller.roles


def case_unknown(draw: UUID, control_point: str) -> CaseUnknownError:
    """Return the refusal of a case that was not drawn, or is to be like one."""
    return CaseUnknownError(f"Draw {draw} has no such case for {control_point}. Check the three.")


class FindingsUnavailableError(UnavailableError):
    """Findings could not say whether the caller may review the case."""

    code = "findings-unavailable"
    title = "Who this case is cannot be shown just now"

    def __init__(self) -> None:
        super().__init__("The service that knows who reviews the case did not answer. Try again shortly.")


class Permission:
    """Asks findings, or does without it.

    Args:
        client: of the findings API; None where the sampler was not told where it is.
    """

    def __init__(self, client: httpx.AsyncClient | None) -> None:
        self._client = client

    async def require(self, drawn: CaseDrawn, control_point: str, purpose: Purpose, authorization: str) -> None:
        """Refuse whoever may not review a case.

        Args:
            drawn: the case.
            control_point: that it is reviewed for.
            purpose: which review.
            authorization: the caller's own header; findings judges it anew.

        Raises:
            IdentityNotShownError: they may not.
            CaseUnknownError: to them it is like a case that was not drawn.
            FindingsUnavailableError: findings could not say.
        """
        if self._client is None:
            raise FindingsUnavailableError
        path = f"/v1/{purpose}s/{drawn.draw}/{quote(control_point, safe='')}/{drawn.case}/permission"
        try:
            response = await self._client.get(path, headers={"authorization": authorization})
        except (httpx.HTTPError, OSError):
            raise FindingsUnavailableError from None
        if response.status_code == httpx.codes.FORBIDDEN:
            raise IdentityNotShownError
        if response.status_code == httpx.codes.NOT_FOUND:
            raise case_unknown(drawn.draw, control_point)
        if response.status_code != httpx.codes.NO_CONTENT:
            raise FindingsUnavailableError

    @property
    def asks_findings(self) -> bool:
        """Whether findings is asked at all."""
        return self._client is not None


def findings_at(url: str) -> httpx.AsyncClient:
    """Return a client of the findings API at an address; whoever asks for it closes it."""
    return httpx.AsyncClient(base_url=url, timeout=_TIMEOUT)
