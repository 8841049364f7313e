"""Listening to a service that tells the stages of a long piece of work before it answers."""

from collections.abc import Callable
from typing import Final

import httpx
from pydantic import TypeAdapter, ValidationError

from stickprov_contracts.http.progress import NDJSON, FrameStage, Outcome

ACCEPTED: Final = f"{NDJSON}, application/json;q=0.5"
_LINE: Final = TypeAdapter[FrameStage | Outcome](FrameStage | Outcome)


async def followed(
    http: httpx.AsyncClient, request: httpx.Request, told: Callable[[FrameStage], None]
) -> httpx.Response:
    """Send a request, tell its stages, and return what its ordinary answer would have been.

    Raises:
        httpx.TransportError: the connection broke, or the answer ended before its last line.
    """
    response = await http.send(request, stream=True)
    try:
        if not response.headers.get("content-type", "").startswith(NDJSON):
            await response.aread()
            return response
        async for text in response.aiter_lines():
            line = _LINE.validate_json(text)
            if isinstance(line, Outcome):
                headers = {name: value for name, value in response.headers.items() if name.startswith("x-")}
                return httpx.Response(line.status, headers=headers, json=line.answer, request=request)
            told(line)
    except ValidationError:
        raise httpx.RemoteProtocolError("a line of the answer makes no sense", request=request) from None
    finally:
        await response.aclose()
    raise httpx.RemoteProtocolError("the answer broke off", request=request)
