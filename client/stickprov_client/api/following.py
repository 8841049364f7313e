"""Listening to a service that tells the stages of a long piece of work before it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from stickprov_contracts.http.progress import NDJSON, Outcome

ACCEPTED: Final = f"{NDJSON}, application/json;q=0.5"


@dataclass(frozen=True, slots=True)
class Stages:
    """Who listens to a long piece of work.

    Attributes:
        model: of a stage, as the route has it. told: is called with each, in order.
    """

    model: type[BaseModel]
    told: Callable[[Any], object]


async def followed(http: httpx.AsyncClient, request: httpx.Request, stages: Stages) -> httpx.Response:
    """Send a request, tell its stages, and return what its ordinary answer would have been.

    Args:
        http: the client.
        request: what to send; it accepts ``ACCEPTED``.
        stages: who listens.

    Raises:
        httpx.TransportError: the connection broke, or the answer ended before its last line.
    """
    line_type: Any = stages.model | Outcome
    lines: TypeAdapter[Any] = TypeAdapter(line_type)
    response = await http.send(request, stream=True)
    try:
        if not response.headers.get("content-type", "").startswith(NDJSON):
            await response.aread()
            return response
        async for text in response.aiter_lines():
            line = lines.validate_json(text)
            if isinstance(line, Outcome):
                headers = {name: value for name, value in response.headers.items() if name.startswith("x-")}
                return httpx.Response(line.status, headers=headers, json=line.answer, request=request)
            stages.told(line)
    except ValidationError:
        raise httpx.RemoteProtocolError("a line of the answer makes no sense", request=request) from None
    finally:
        await response.aclose()
    raise httpx.RemoteProtocolError("the answer broke off", request=request)
