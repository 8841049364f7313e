"""Route of the vault: which drawn cases are those of some case numbers."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request

from stickprov_contracts.http.case_numbers import FindCases, FoundCases
from stickprov_kernel.http.commands import command
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import Caller, Role, require
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.parts import GetParts

_TOLD_TO: Final[tuple[Role, ...]] = ("reviewer", "protected-reviewer", "coordinator")
_REFUSED: Final[dict[int | str, dict[str, Any]]] = {503: refused("`findings-unavailable`")}


def case_numbers_router(parts: GetParts) -> APIRouter:
    """Return the route of case numbers."""
    router = APIRouter(prefix="/v1/case-numbers", tags=["identities"])

    @router.post("", summary="Find drawn cases by their case numbers", responses=_REFUSED)
    async def find_cases(
        body: FindCases,
        request: Request,
        context: Annotated[CommandContext, Depends(command(*_TOLD_TO))],
        caller: Annotated[Caller, Depends(require(*_TOLD_TO))],
    ) -> FoundCases:
        """Return those that the caller may know. That each was told is recorded first, like a showing."""
        authorization = request.headers.get("authorization", "")
        return await parts().finding.find(context, caller, authorization, body)

    return router
