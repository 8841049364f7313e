"""Drawn cases by reviewer, to look at, to print, and to move from one to another; and what reviewers disagree about."""

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import Services
from stickprov_client.language.assigning import whose_case
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Coordinator, Examiner
from stickprov_client.web.connected import Connected
from stickprov_client.web.follow_ups.names import names_for
from stickprov_client.web.follow_ups.typed import request_of, sent, status_of
from stickprov_client.web.forms import Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reviewing.addresses import CASE, CasePages, NamedCase, NamedPurpose, pages_of
from stickprov_client.web.reviewing.queue_page import TITLES
from stickprov_contracts.http.findings import QueueItem, Reassign
from stickprov_contracts.http.sampler import Draw

_PAGE: Final = 500


def cases_router() -> APIRouter:
    """Return the pages under ``/cases``, and the form to move a case."""
    router = APIRouter()

    @router.get("/cases")
    async def cases(
        request: Request,
        services: Connected,
        _coordinator: Coordinator,
        purpose: NamedPurpose,
        control_point: str = "",
        reviewer: str = "",
        period: str = "",
        draw: str = "",
        start: str = "0",
    ) -> Response:
        begin = int(start) if start.isascii() and start.isdigit() and len(start) < len("1000000") else 0
        only = _draw_in(draw)
        queue, names, points, draws = await asyncio.gather(
            services.findings.queue(
                purpose=purpose,
                control_point=control_point or None,
                reviewer=reviewer or None,
                period=period or None,
                draw=only,
                newest=True,
                limit=_PAGE,
                offset=begin,
            ),
            names_for(request, services),
            services.sampler.control_points(),
            services.sampler.draws(),
        )
        rules = {point.control_point: point.reviewer_rule for point in points}
        return page(
            request,
            "overseeing/cases.html",
            groups=groups_of(queue.items, rules, names),
            queue=queue,
            names=names,
            points=[point.control_point for point in points],
            purposes=TITLES,
            periods=_periods_of(draws),
            wanted={
                "purpose": purpose,
                "control_point": control_point,
                "reviewer": reviewer,
                "period": period,
                "draw": str(only) if only else "",
            },
            next_start=begin + _PAGE if begin + _PAGE < queue.total else None,
        )

    @router.get("/disagreements")
    async def disagreements(
        request: Request, services: Connected, _examiner: Examiner, control_point: str = ""
    ) -> Response:
        found = await services.findings.disagreements(control_point=control_point or None)
        return page(request, "overseeing/disagreements.html", cases=[(item, pages_of(item)) for item in found])

    for purpose in TITLES:
        router.include_router(_moving_router(), prefix=f"/{purpose}")
    return router


def _draw_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _periods_of(draws: Sequence[Draw]) -> list[str]:
    """Return the labels of the periods that have been drawn from, the latest first."""
    ends = {draw.period.label: draw.period.end for draw in draws}
    return sorted(ends, key=lambda label: (ends[label], label), reverse=True)


def groups_of(
    items: Sequence[QueueItem], rules: Mapping[str, str | None], names: Mapping[str, str]
) -> list[tuple[str, list[tuple[QueueItem, CasePages]]]]:
    """Return the cases of each reviewer, with the address of each, by name; what is nobody's comes last.

    Args:
        items: the cases.
        rules: who reviews, by control point.
        names: of the staff, by pseudonym.
    """
    groups: dict[str, list[tuple[QueueItem, CasePages]]] = {}
    for item in items:
        groups.setdefault(whose_case(item, rules.get(item.control_point)), []).append((item, pages_of(item)))
    return sorted(groups.items(), key=lambda group: (not group[0], names.get(group[0], group[0])))


def _moving_router() -> APIRouter:
    router = APIRouter()

    @router.get(CASE + "/move")
    async def show(request: Request, services: Connected, _coordinator: Coordinator, case: NamedCase) -> Response:
        return await _moving_page(request, services, case, Form())

    @router.post(CASE + "/move")
    async def move(request: Request, services: Connected, _coordinator: Coordinator, case: NamedCase) -> Response:
        asked, form = request_of(Reassign, await read_form(request), ("reviewer", "reason"), language_of(request))
        if asked is not None:
            command = services.findings.reassign(case.key, asked, command=form.command)
            moved, form = await sent(command, form)
            if moved is not None:
                address = f"/cases?purpose={case.key.purpose}&control_point={case.key.control_point}"
                return RedirectResponse(address, HTTPStatus.SEE_OTHER)
        return await _moving_page(request, services, case, form)

    return router


async def _moving_page(request: Request, services: Services, case: CasePages, form: Form) -> Response:
    review, point, reviewers, names = await asyncio.gather(
        services.findings.review(case.key),
        services.sampler.control_point(case.key.control_point),
        services.findings.reviewers(),
        names_for(request, services),
    )
    say = texts(language_of(request)).gettext
    waiting = say("{count} waiting")
    choices = [
        (one.pseudonym, f"{names.get(one.pseudonym, one.pseudonym)}, {one.unit} ({waiting.format(count=one.waiting)})")
        for one in reviewers
    ]
    return page(
        request,
        "overseeing/move.html",
        status=status_of(form),
        case=case,
        order=review.order,
        form=form,
        reviewers=[("", ""), *choices],
        holder=whose_case(review, point.reviewer_rule),
        names=names,
    )
