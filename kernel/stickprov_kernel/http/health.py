"""Is the process alive, and is it ready to serve. Ready names every condition, so that people see which one fails."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import JSONResponse, PlainTextResponse, Response

from stickprov_kernel.http.routing import ServiceRouter

CHECK_SECONDS: Final = 2.0
"""How long one condition may take to answer before it counts as failed."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether one thing that readiness needs is so, and a short text for people, without secrets or identities."""

    ok: bool
    detail: str


Check = Callable[[], Awaitable[Condition]]


class Health:
    """The conditions under which a service is ready."""

    def __init__(self, *, check_seconds: float = CHECK_SECONDS) -> None:
        self._checks: dict[str, Check] = {}
        self._check_seconds = check_seconds

    def add(self, name: str, check: Check) -> None:
        """Add a condition; a name is given once."""
        if name in self._checks:
            raise ValueError(f"There is a condition named {name} already.")
        self._checks[name] = check

    async def conditions(self) -> dict[str, Condition]:
        """Ask all at once; one that raises or takes too long is not met."""
        answers = await asyncio.gather(*(self._ask(check) for check in self._checks.values()))
        return dict(zip(self._checks, answers, strict=True))

    async def _ask(self, check: Check) -> Condition:
        try:
            async with asyncio.timeout(self._check_seconds):
                return await check()
        except TimeoutError:
            return Condition(ok=False, detail=f"no answer within {self._check_seconds:g} s")
        except Exception as error:  # noqa: BLE001  # whatever a check raises means "not ready", never a 500
            return Condition(ok=False, detail=type(error).__name__)


def health_router(health: Health) -> APIRouter:
    """Return ``/health/live`` and ``/health/ready``; they need no sign-in and tell nothing that does."""
    router = ServiceRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> Response:
        return PlainTextResponse("alive\n")

    @router.get("/health/ready")
    async def ready() -> Response:
        conditions = await health.conditions()
        is_ready = all(condition.ok for condition in conditions.values())
        answer: dict[str, Any] = {
            "status": "ready" if is_ready else "not-ready",
            "conditions": [{"name": name, **asdict(condition)} for name, condition in conditions.items()],
        }
        return JSONResponse(answer, status_code=200 if is_ready else 503, headers={"Cache-Control": "no-store"})

    return router
