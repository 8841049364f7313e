"""One call of a service from a command that is not asynchronous itself."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from stickprov_client.api import Services
from stickprov_client.cli.session import Session, signed_in

Result = TypeVar("Result")


def call(session: Session, work: Callable[[Services], Awaitable[Result]]) -> Result:
    """Do some work with the session's services, and return what it gives."""

    async def signed() -> Result:
        async with signed_in(session) as services:
            return await work(services)

    return asyncio.run(signed())
