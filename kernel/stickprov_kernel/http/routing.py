"""The router that a service's routes are added to.

What must not break: a route of it carries the checks of every request from its beginning, so that the application
takes it as it is. A router that the application includes instead is built a second time, which was most of the time
that a service took to start.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from fastapi import APIRouter, Depends
from fastapi.params import Depends as Dependency

from stickprov_kernel.http.documentation import PROBLEM_RESPONSES
from stickprov_kernel.http.parameters import refuse_unknown_parameters
from stickprov_kernel.http.validation import refuse_unstorable

CHECKS: Final[tuple[Dependency, ...]] = (Depends(refuse_unstorable), Depends(refuse_unknown_parameters))
"""What every request goes through, whichever route it is for."""


class ServiceRouter(APIRouter):
    """Routes of a service, with the checks of every request and the problems that any of them may answer."""

    def __init__(
        self,
        *,
        prefix: str = "",
        tags: list[str | Enum] | None = None,
        dependencies: Sequence[Dependency] = (),
        include_in_schema: bool = True,
    ) -> None:
        super().__init__(
            prefix=prefix,
            tags=tags,
            dependencies=[*CHECKS, *dependencies],
            responses=dict(PROBLEM_RESPONSES),
            include_in_schema=include_in_schema,
        )
