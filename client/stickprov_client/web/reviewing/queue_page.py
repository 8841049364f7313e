"""A reviewer's queue: how far they have come, what waits by control point and month, and the way to the next case."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import Final

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import Services
from stickprov_client.api.errors import ClientError
from stickprov_client.language.translations import marked
from stickprov_client.web.connected import Connected
from stickprov_client.web.rendering import page
from stickprov_client.web.reviewing.addresses import (
    PURPOSES,
    QUEUE,
    CasePages,
    NamedPurpose,
    Reviewer,
    pages_of,
)
from stickprov_client.web.reviewing.form_page import previous_case
from stickprov_client.web.reviewing.upcoming import begin_with, upcoming_in
from stickprov_contracts.http.findings import Purpose, Queue, QueueItem
from stickprov_contracts.http.sampler import ControlPoint

TITLES: Final[dict[Purpose, str]] = {
    "review": marked("Review"),
    "second-review": marked("Second review"),
    "file-review": marked("File review"),
}
SHOWN: Final = {
    "left": marked("Left to do"),
    "reviewed": marked("Reviewed"),
    "over-coverage": marked("Over-coverage"),
    "non-response": marked("Non-response"),
    "closed": marked("Period closed"),
    "all": marked("All"),
}
_LEFT: Final = frozenset({"waiting", "started"})
_MOST: Final = 1000
_PAGE: Final = 50


@dataclass(frozen=True)
class Group:
    """The cases of one control point and month.

    Attributes:
        total, done: of all its cases, whichever are shown. items: those that are shown, with the address of each.
    """

    control_point: str
    month: str
    total: int
    done: int
    items: list[tuple[QueueItem, CasePages]]


@dataclass(frozen=True)
class Wanted:
    """What of the queue is to be seen."""

    purpose: Purpose
    shown: str
    control_point: str
    start: int


def queue_router() -> APIRouter:
    """Return the page."""
    router = APIRouter()

    @router.get(QUEUE)
    async def queue(
        request: Request,
        services: Connected,
        _reviewer: Reviewer,
        purpose: str = "",
        show: str = "left",
        control_point: str = "",
        start: str = "0",
    ) -> Response:
        read, points = await asyncio.gather(
            asyncio.gather(*(services.findings.queue(purpose=one, limit=_MOST) for one in PURPOSES)),
            points_by_id(services),
        )
        queues = dict(zip(PURPOSES, read, strict=True))
        wanted = Wanted(
            purpose=next((one for one in PURPOSES if one == purpose), _first_with_work(queues)),
            shown=show if show in SHOWN else "left",
            control_point=control_point,
            start=int(start) if start.isascii() and start.isdigit() and len(start) < len("1000000") else 0,
        )
        upcoming = await services.findings.next_case(purpose=wanted.purpose, control_point=control_point or None)
        return _page(request, queues, wanted, points, goes_on=upcoming is not None)

    @router.get(f"{QUEUE}/next")
    async def go_on(
        services: Connected, _reviewer: Reviewer, purpose: NamedPurpose, control_point: str = ""
    ) -> Response:
        upcoming = await upcoming_in(services, purpose, control_point or None)
        begin = BackgroundTask(begin_with, services, upcoming)
        return RedirectResponse(upcoming.address, HTTPStatus.SEE_OTHER, background=begin)

    return router


def _page(
    request: Request,
    queues: Mapping[Purpose, Queue],
    wanted: Wanted,
    points: Mapping[str, ControlPoint],
    *,
    goes_on: bool,
) -> Response:
    queue = queues[wanted.purpose]
    chosen = [item for item in queue.items if wanted.control_point in {"", item.control_point}]
    selected = [item for item in chosen if wanted.shown == "all" or _shown_as(item) == wanted.shown]
    counts = Counter(_shown_as(item) for item in chosen)
    under_way = under_way_of(chosen)
    return page(
        request,
        "queue.html",
        queue=queue,
        counts=[(name, counts[name]) for name in SHOWN if name != "all" and (name != "closed" or counts[name])],
        left=counts["left"],
        under_way=len(under_way),
        total=len(chosen),
        tabs=[(purpose, TITLES[purpose], queues[purpose]) for purpose in PURPOSES if queues[purpose].total],
        wanted=wanted,
        shown=SHOWN,
        groups=groups_of(chosen, selected[wanted.start : wanted.start + _PAGE]),
        selected=len(selected),
        next_start=wanted.start + _PAGE if wanted.start + _PAGE < len(selected) else None,
        last_start=max(0, wanted.start - _PAGE) if wanted.start else None,
        goes_on=goes_on,
        points=points,
        control_points=sorted({item.control_point for item in queue.items}),
        previous=previous_case(request),
    )


def under_way_of(items: Sequence[QueueItem]) -> list[QueueItem]:
    """Return the cases of the draws that something is left of; what was finished long ago is not counted with it."""
    open_draws = {(item.draw, item.control_point) for item in items if _shown_as(item) == "left"}
    return [item for item in items if (item.draw, item.control_point) in open_draws]


def groups_of(items: Sequence[QueueItem], shown: Sequence[QueueItem]) -> list[Group]:
    """Return the cases to show by control point and month, in the queue's order, with how far each group is.

    Args:
        items: everything in the groups.
        shown: those of them that are to be listed.
    """
    total = Counter(_group_of(item) for item in items)
    left = Counter(_group_of(item) for item in items if _shown_as(item) in {"left", "closed"})
    ordered = sorted(shown, key=_group_of)
    return [
        Group(*key, total[key], total[key] - left[key], [(item, pages_of(item)) for item in found])
        for key, found in groupby(ordered, key=_group_of)
    ]


def _group_of(item: QueueItem) -> tuple[str, str]:
    return item.control_point, item.month


def _shown_as(item: QueueItem) -> str:
    if item.status not in _LEFT:
        return item.status
    return "closed" if item.closed else "left"


def _first_with_work(queues: Mapping[Purpose, Queue]) -> Purpose:
    return next((purpose for purpose in PURPOSES if queues[purpose].waiting), PURPOSES[0])


async def points_by_id(services: Services) -> dict[str, ControlPoint]:
    """Return the control points for their words; without them the ids must do."""
    try:
        return {point.control_point: point for point in await services.sampler.control_points()}
    except ClientError:
        return {}
