"""Asking the findings service about conclusions, actions and plan statuses."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from stickprov_contracts.http.headers import COMMAND_ID, IF_MATCH
from support.findings_service import FindingsService


async def tell(
    service: FindingsService,
    path: str,
    body: dict[str, Any],
    *,
    method: str = "POST",
    seen: int | None = None,
    command_id: UUID | None = None,
    who: str = "coordinator",
) -> httpx.Response:
    """Give a command of the follow-up."""
    headers = service.signed_in(who) | {COMMAND_ID: str(command_id or uuid4())}
    if seen is not None:
        headers[IF_MATCH] = f'"{seen}"'
    return await service.client.request(method, path, json=body, headers=headers)


async def read(service: FindingsService, path: str, *, who: str = "board", **query: object) -> Any:
    """Return what the service shows."""
    answer = await service.get(path, who=who, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def faults(answer: httpx.Response) -> dict[str, str]:
    """Return the code of each field's fault."""
    return {one["field"]: one["code"] for one in answer.json()["errors"]}
