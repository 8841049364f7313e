"""A service of a few routes, run as a process to see how one starts and stops. Talks through files in a folder."""

import os
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, Request
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from stickprov_kernel import runtime
from stickprov_kernel.assembly import Assembly, Foundation
from stickprov_kernel.ending import is_stopping
from stickprov_kernel.http.application import create_api
from stickprov_kernel.http.identity import Authenticator, require
from stickprov_kernel.http.rate_limit import Allowances
from support.waiting import eventually

GUARD = [Depends(require("reviewer"))]


class Settings(runtime.ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="STICKPROV_TRIAL_")

    folder: Path = Field(description="Where the test and the service see each other's files.")


def create(settings: Settings) -> FastAPI:
    service = Assembly(settings, open_parts)

    async def go_is_there() -> bool:
        return (settings.folder / "go").exists()  # one look at a local folder

    router = APIRouter()

    @router.get("/v1/slow", dependencies=GUARD)
    async def slow() -> str:
        (settings.folder / "in-flight").touch()
        await eventually(go_is_there, bound=60)
        return "done"

    @router.get("/v1/news", dependencies=GUARD)
    async def news(request: Request) -> str:
        async def stops() -> bool:
            return is_stopping(request.app)

        (settings.folder / "in-flight").touch()
        await eventually(stops, bound=60)
        return "no news"

    @router.post("/v1/things", dependencies=GUARD)
    async def write(body: Annotated[Any, Body()]) -> int:
        return len(body)

    return create_api(
        service="trial",
        title="Trial",
        routers=[router],
        lifespan=service.lifespan,
        authenticator=Authenticator.of(settings),
        allowances=Allowances.of(settings),
        health=service.health,
        registry=service.registry,
        observations=service.observations,
    )


async def open_parts(foundation: Foundation[Settings]) -> None:
    folder = foundation.settings.folder
    (folder / "opened").touch()
    if (folder / "cannot-open").exists():
        raise ConnectionRefusedError
    foundation.stack.callback((folder / "closed").touch)
    await foundation.keep_running(work_until_told(folder), "trial-work")


async def work_until_told(folder: Path) -> None:
    async def told() -> bool:
        return (folder / "fail").exists() or (folder / "return").exists()

    await eventually(told, bound=300)
    if (folder / "fail").exists():
        raise RuntimeError("the work cannot go on")


async def migrate(settings: Settings) -> None:
    if settings.migration_database_url == "postgresql://localhost/broken":
        raise RuntimeError("the migration cannot be done")
    (settings.folder / "migrated").touch()


if __name__ == "__main__":
    if "TRIAL_GRACE_SECONDS" in os.environ:
        runtime.GRACE_SECONDS = int(os.environ["TRIAL_GRACE_SECONDS"])  # type: ignore[misc]
    runtime.run("trial", Settings, create, migrate)
