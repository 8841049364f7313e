"""The planner's route: it computes and stores nothing.

What must not break: planning takes a processor for seconds, so it takes one thread of its own and no other's; whoever
asks for more than can be computed soon is told so, and the sampler goes on with what it is for.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, Final

from fastapi import APIRouter, Depends

from stickprov_contracts.http.planning import PlannedSize, PlanSize
from stickprov_kernel.errors import UnavailableError
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_sampler.adapters.http.answers import REFUSED
from stickprov_sampler.domain.planner.planning import plan_size

WAITING: Final = 6
"""Plans at once, the one that is computed among them; each takes three seconds at most."""


class PlannerBusyError(UnavailableError):
    """More plans are waited for than are computed soon."""

    code: ClassVar[str] = "planner-busy"
    title: ClassVar[str] = "The planner is busy"

    def __init__(self) -> None:
        super().__init__("Others have the planner compute. Try again in some seconds.")


class Planner:
    """Computes one plan at a time; who hangs up does not free the thread before its time."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="planner")
        self._waiting = 0

    async def plan(self, asked: PlanSize) -> PlannedSize:
        """Return what is asked for, when its turn has come.

        Raises:
            PlannerBusyError: too many wait.
        """
        if self._waiting >= WAITING:
            raise PlannerBusyError
        self._waiting += 1
        work = asyncio.get_running_loop().run_in_executor(self._thread, plan_size, asked)
        work.add_done_callback(self._done)
        return await asyncio.shield(work)

    def _done(self, work: "asyncio.Future[PlannedSize]") -> None:
        self._waiting -= 1
        if not work.cancelled():
            work.exception()  # somebody who hung up does not hear it


def planner_router() -> APIRouter:
    """Return ``/v1/plan-size``."""
    router = ServiceRouter(prefix="/v1/plan-size", tags=["planner"])
    planner = Planner()

    @router.post(
        "",
        summary="How many cases a sample needs",
        dependencies=[Depends(require("coordinator", "auditor", "board"))],
        responses={422: REFUSED[422], 503: refused("`planner-busy`")},
    )
    async def plan(asked: PlanSize) -> PlannedSize:
        """Return the smallest sample for a tolerable rate, for a margin of error, and in stages."""
        return await planner.plan(asked)

    return router
