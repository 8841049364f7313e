"""Cases with handlers and a staff list, for the tests of who reviews what."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from stickprov_contracts.events.plans import StaffListed, StaffMember
from stickprov_contracts.http.headers import COMMAND_ID
from support.findings_service import FindingsService
from support.reviews import DRAW, POINT, case_drawn, point_defined, staff_listed

ANNA, BO, CIA, DAN = "reviewer-01", "reviewer-02", "reviewer-03", "reviewer-04"
NORTH, SOUTH = "Enhet Nord", "Enhet Syd"


def case_number(number: int) -> str:
    """Return the pseudonym of a case; they sort as their numbers do."""
    return f"{number:064x}"


def listed(service: FindingsService, *, groups: dict[str, list[str]] | None = None) -> StaffListed:
    """Return a list of Anna, Bo and Cia in the north, and Dan alone in the south."""
    units = {ANNA: NORTH, BO: NORTH, CIA: NORTH, DAN: SOUTH}
    return staff_listed(
        *(
            StaffMember(pseudonym=service.actor(who), unit=unit, groups=(groups or {}).get(who, []))
            for who, unit in units.items()
        )
    )


async def draw_cases(service: FindingsService, *handlers: str | None, **point: Any) -> list[str]:
    """Let a point be defined and cases 1, 2, ... be drawn with these handlers; return the cases."""
    cases = [case_number(place) for place in range(1, len(handlers) + 1)]
    await service.hear(
        point_defined(**point),
        *(
            case_drawn(case, order=place, handler=service.actor(who) if who else None)
            for place, (case, who) in enumerate(zip(cases, handlers, strict=True), start=1)
        ),
    )
    return cases


async def assign(
    service: FindingsService, *, who: str = "coordinator", command_id: UUID | None = None, **how: Any
) -> httpx.Response:
    """Give the draw's cases to reviewers."""
    body = {"draw": str(DRAW), "control_point": POINT} | how
    headers = service.signed_in(who) | {COMMAND_ID: str(command_id or uuid4())}
    return await service.client.post("/v1/assignments", json=body, headers=headers)


async def assigned(service: FindingsService, **how: Any) -> dict[str, Any]:
    """Give the draw's cases to reviewers, and return what came of it."""
    answer = await assign(service, **how)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def move(
    service: FindingsService,
    case: str,
    to: str,
    *,
    path: str = "reviews",
    who: str = "coordinator",
    reason: str = "sjuk",
) -> httpx.Response:
    """Give a case to another reviewer."""
    body = {"reviewer": service.actor(to), "reason": reason}
    headers = service.signed_in(who) | {COMMAND_ID: str(uuid4())}
    return await service.client.post(f"/v1/{path}/{DRAW}/{POINT}/{case}/assignment", json=body, headers=headers)


async def reviewers_of(service: FindingsService, purpose: str = "review") -> dict[str, str | None]:
    """Return who has been given each case, as the coordinator's queue says."""
    queue = (await service.get("/v1/queue", who="coordinator", purpose=purpose)).json()
    return {item["case"]: item["reviewer"] for item in queue["items"]}
