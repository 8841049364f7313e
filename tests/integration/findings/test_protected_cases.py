"""A case with a protected identity is to whoever is not cleared like one that was not drawn, and counts like any."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from stickprov_contracts.events.plans import StaffMember
from stickprov_contracts.http.headers import COMMAND_ID, IF_MATCH
from stickprov_kernel.http.roles import guarded_routes
from support.assignments import ANNA, BO, CIA, assigned, case_number, draw_cases, listed, move, reviewers_of
from support.findings_service import FindingsService
from support.reviews import DRAW, POINT, staff_listed

PLANTED = "bor hos sin syster i Ystad"
FINDING = {"remark": True, "categories": ["swish"], "comment": PLANTED}
ORDINARY, PROTECTED, UNDRAWN = case_number(1), case_number(2), "9f" * 32
CLEARED = "protected-reviewer"
UNCLEARED = [("reviewer",), ("coordinator",), ("auditor",), ("reviewer", "coordinator", "auditor")]
BODIES: dict[str, dict[str, Any]] = {
    "draft": {"fields": {"comment": ["x"]}, "review_version": 0},
    "finding": FINDING,
    "correction": FINDING | {"reason": "x"},
    "withdrawal": {"reason": "x"},
    "reopening": {"reason": "x"},
    "over-coverage": {"reason": "duplicate"},
    "non-response": {"reason": "no-time"},
    "settlement": FINDING | {"reason": "x", "second_version": 1},
}


@pytest.fixture
async def drawn(service: FindingsService) -> FindingsService:
    """Two cases that anybody may review, the second of them protected, with whatever can be written of it."""
    await service.hear(listed(service))
    await draw_cases(service, None, None, reviewer_rule="anyone")
    await service.protect(PROTECTED)
    return service


def bearer(service: FindingsService, roles: tuple[str, ...], who: str = ANNA) -> dict[str, str]:
    return service.issuer.bearer(who, *roles)


async def review(service: FindingsService) -> None:
    """Let the protected case be reviewed three ways, and a draft be left."""
    for path in ("reviews", "file-reviews"):
        answer = await service.post("finding", FINDING, case=PROTECTED, who=CLEARED, path=path)
        assert answer.status_code == 201, answer.text
    await service.give(CIA, purpose="second-review", case=PROTECTED)


async def leave_draft(service: FindingsService, who: str, roles: tuple[str, ...]) -> None:
    headers = bearer(service, roles, who) | {IF_MATCH: '"0"'}
    body = {"fields": {"comment": [PLANTED]}, "review_version": 0}
    path = f"/v1/reviews/{DRAW}/{POINT}/{PROTECTED}/draft"
    answer = await service.client.put(path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text


async def asked_of(service: FindingsService, case: str, roles: tuple[str, ...]) -> list[tuple[str, str, int, str]]:
    """Ask every route that has a case in its path, and return what each answers, with the case left out."""
    answers = []
    for route in guarded_routes(service.app.routes):
        if "{case}" not in route.path:
            continue
        what = route.path.rpartition("/")[2]
        body = BODIES.get(what, {"reviewer": service.actor(BO), "reason": "x"} if what == "assignment" else {})
        headers = bearer(service, roles) | {COMMAND_ID: str(uuid4()), IF_MATCH: '"1"'}
        path = route.path.format(draw=DRAW, control_point=POINT, case=case)
        answer = await service.client.request(
            route.method, path, json=None if route.method == "GET" else body, headers=headers
        )
        answers.append((route.method, route.path, answer.status_code, said(answer, case)))
    assert len(answers) > 30
    return answers


def said(answer: httpx.Response, case: str) -> str:
    told = json.loads(answer.text) if answer.content else {}
    if isinstance(told, dict):
        told = {name: one for name, one in told.items() if name not in {"correlation_id", "instance"}}
    return json.dumps(told).replace(case[:12], "")


@pytest.mark.parametrize("roles", UNCLEARED, ids="+".join)
@pytest.mark.parametrize("state", ["waiting", "drafted", "reviewed"])
async def test_no_route_tells_a_protected_case_from_one_that_was_not_drawn(drawn, roles, state):
    if state == "drafted":
        await drawn.protect()
        await leave_draft(drawn, ANNA, ("reviewer",))
        await drawn.protect(PROTECTED)
    if state == "reviewed":
        await review(drawn)
    protected, undrawn = await asked_of(drawn, PROTECTED, roles), await asked_of(drawn, UNDRAWN, roles)

    assert protected == undrawn
    assert PLANTED not in str(protected)


async def lists(service: FindingsService, roles: tuple[str, ...]) -> dict[str, httpx.Response]:
    paths = [
        "queue",
        "queue?mine=true",
        f"queue?case={PROTECTED[:60]}",
        "queue/next",
        "findings",
        "findings?export=true",
    ]
    paths += ["disagreements", "progress", "reviewers"]
    headers = bearer(service, roles)
    return {path: await service.client.get(f"/v1/{path}", headers=headers) for path in paths}


async def test_a_reviewers_lists_are_without_it(drawn):
    await drawn.protect()
    await leave_draft(drawn, ANNA, ("reviewer",))
    await drawn.post("finding", FINDING, case=PROTECTED, who=ANNA)
    await drawn.give(ANNA, case=PROTECTED)
    assert PROTECTED in (await drawn.get("/v1/findings", who=ANNA)).text
    await drawn.protect(PROTECTED)
    for path, answer in (await lists(drawn, ("reviewer",))).items():
        assert PROTECTED not in answer.text, path
        assert PLANTED not in answer.text, path
    queue = (await drawn.get("/v1/queue", who=ANNA)).json()
    assert (queue["total"], [item["case"] for item in queue["items"]]) == (1, [ORDINARY])


async def test_the_next_case_is_never_a_protected_one_but_for_the_cleared(drawn):
    await drawn.post("finding", {"remark": False}, case=ORDINARY, who=ANNA)
    assert (await drawn.get("/v1/queue/next", who=ANNA)).status_code == 204
    assert (await drawn.get("/v1/queue/next", who=CLEARED)).json()["case"] == PROTECTED


async def test_what_everybody_may_count_counts_it_like_any_other(drawn):
    await review(drawn)
    await drawn.protect()
    before = {path: answer.json() for path, answer in (await lists(drawn, ("coordinator", "auditor"))).items()}
    await drawn.protect(PROTECTED)
    after = {path: answer.json() for path, answer in (await lists(drawn, ("coordinator", "auditor"))).items()}

    for path in ("queue", "progress", "reviewers"):
        assert after[path] == before[path], path
    assert PLANTED not in str(after)


async def test_a_change_is_followed_at_the_next_request_and_nothing_is_asked_in_between(drawn):
    for expected, cases in ((404, [PROTECTED]), (200, []), (404, [PROTECTED, ORDINARY])):
        await drawn.protect(*cases)
        asked = drawn.protections.asked
        for _ in range(3):
            assert (await drawn.get_review(case=PROTECTED, who=ANNA)).status_code == expected
            await drawn.get("/v1/queue/next", who=ANNA)
        assert drawn.protections.asked == asked + 1


async def test_without_the_sampler_nothing_that_may_be_protected_is_given_out(drawn):
    await review(drawn)
    assert (await drawn.get_review(case=ORDINARY, who=ANNA)).status_code == 200
    drawn.protections.away = True
    assert (await drawn.get_review(case=ORDINARY, who=ANNA)).status_code == 200

    await drawn.protect(ORDINARY, PROTECTED)
    table = {"columns": ["order", "remark"], "rows": [{"row": 2, "cells": ["1", "no"]}], "control_point": POINT}
    refused = [
        await drawn.get_review(case=ORDINARY, who=ANNA),
        await drawn.get_review(case=PROTECTED, who="coordinator"),
        await drawn.post("finding", FINDING, case=ORDINARY, who=ANNA),
        await drawn.get("/v1/queue", who=ANNA),
        await drawn.get("/v1/queue/next", who=ANNA),
        await drawn.get("/v1/findings", who=ANNA),
        await drawn.get(f"/v1/reviews/{DRAW}/{POINT}/{ORDINARY}/permission", who=ANNA),
        await drawn.client.post("/v1/findings/import/preview", json=table, headers=drawn.signed_in(ANNA)),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(503, "protections-unknown")}
    assert not [answer for answer in refused if PLANTED in answer.text or PROTECTED in answer.text]
    assert (await drawn.get_review(case=PROTECTED, who=CLEARED)).status_code == 200
    assert (await drawn.get("/v1/progress", who="coordinator")).json()["total"]["total"] == 2

    drawn.protections.away = False
    assert (await drawn.get_review(case=ORDINARY, who=ANNA)).status_code == 404


async def test_who_is_cleared_reviews_without_being_a_reviewer_besides(drawn):
    await leave_draft(drawn, CLEARED, (CLEARED,))
    assert (await drawn.post("start", b"", case=PROTECTED, who=CLEARED)).status_code == 201
    assert (await drawn.post("finding", FINDING, case=PROTECTED, who=CLEARED)).status_code == 201
    corrected = FINDING | {"reason": "läst fel", "comment": "annat"}
    assert (await drawn.post("correction", corrected, case=PROTECTED, who=CLEARED, seen=2)).status_code == 201
    mine = (await drawn.get("/v1/findings", who=CLEARED)).json()
    assert ([one["case"] for one in mine["items"]], mine["total"], mine["left_out"]) == ([PROTECTED], 1, 0)
    assert (await drawn.get_review(case=PROTECTED, who=CLEARED)).json()["comment"] == "annat"


async def test_a_file_is_without_protected_cases_and_says_to_the_cleared_how_many(drawn):
    for case in (ORDINARY, PROTECTED):
        await drawn.post("finding", FINDING, case=case, who=CLEARED)
    export = (await drawn.get("/v1/findings", who=CLEARED, export="true")).json()
    assert ([one["case"] for one in export["items"]], export["total"], export["left_out"]) == ([ORDINARY], 1, 1)


async def test_an_import_finds_no_protected_case_but_for_the_cleared(drawn):
    async def imported(roles: tuple[str, ...], *cells: str) -> httpx.Response:
        rows = [{"row": 2, "cells": list(cells)}]
        body = {"columns": ["order", "case", "remark"], "rows": rows, "control_point": POINT}
        return await drawn.client.post("/v1/findings/import/preview", json=body, headers=bearer(drawn, roles))

    for meant in (("2", ""), ("", PROTECTED)):
        hidden = (await imported(("reviewer",), *meant, "nonsense")).json()["errors"]
        undrawn = (await imported(("reviewer",), *(("77", "") if meant[0] else ("", UNDRAWN)), "nonsense")).json()[
            "errors"
        ]
        assert hidden == undrawn
    assert (await imported((CLEARED,), "2", "", "yes")).status_code == 422  # its category is missing: it was found
    assert "categor" in (await imported((CLEARED,), "2", "", "yes")).text


async def test_it_is_given_to_the_cleared_alone_and_nobody_is_told_why(drawn):
    given = await assigned(drawn, rule="round_robin")
    assert (given["given"], given["unassigned"]) == (1, [{"case": PROTECTED, "why": "no-reviewer"}])

    staff = [(BO, "protected"), (ANNA, "ordinary")]
    members = (StaffMember(pseudonym=drawn.actor(who), unit="Nord", groups=[], clearance=may) for who, may in staff)
    await drawn.hear(staff_listed(*members))
    assert (await assigned(drawn, rule="round_robin"))["given"] == 1
    assert (await reviewers_of(drawn))[PROTECTED] == drawn.actor(BO)


async def test_what_somebody_has_who_is_not_cleared_is_given_to_somebody_who_is(drawn):
    await drawn.protect()
    assert (await move(drawn, PROTECTED, ANNA)).status_code == 201
    await drawn.protect(PROTECTED)
    await drawn.hear(
        staff_listed(
            StaffMember(pseudonym=drawn.actor(ANNA), unit="Nord", groups=[]),
            StaffMember(pseudonym=drawn.actor(BO), unit="Nord", groups=[], clearance="protected"),
        )
    )
    await assigned(drawn, rule="round_robin")
    assert (await reviewers_of(drawn))[PROTECTED] == drawn.actor(BO)


async def test_only_a_cleared_coordinator_moves_it_and_only_to_somebody_cleared(drawn):
    await drawn.hear(
        staff_listed(
            StaffMember(pseudonym=drawn.actor(ANNA), unit="Nord", groups=[]),
            StaffMember(pseudonym=drawn.actor(BO), unit="Nord", groups=[], clearance="protected"),
        )
    )

    async def moved(to: str, *roles: str) -> httpx.Response:
        headers = drawn.issuer.bearer("coordinator", *roles) | {COMMAND_ID: str(uuid4())}
        body = {"reviewer": drawn.actor(to), "reason": "sjuk"}
        path = f"/v1/reviews/{DRAW}/{POINT}/{PROTECTED}/assignment"
        return await drawn.client.post(path, json=body, headers=headers)

    assert (await moved(BO, "coordinator")).json()["code"] == "case-not-drawn"
    assert (await moved(ANNA, "coordinator", CLEARED)).json()["code"] == "assignment-unfit"
    assert (await moved(BO, "coordinator", CLEARED)).status_code == 201


async def test_its_texts_are_printed_nowhere(drawn):
    await review(drawn)
    await drawn.post("finding", FINDING, case=ORDINARY, who=CLEARED)
    rows = await drawn.pool.fetch("SELECT note, stream FROM note")
    body = {"notes": [str(row["note"]) for row in rows]}
    answer = await drawn.client.post("/v1/notes/texts", json=body, headers=drawn.signed_in("service"))
    ordinary = [str(row["note"]) for row in rows if row["stream"].endswith(ORDINARY)]
    assert (len(rows), [one["note"] for one in answer.json()]) == (3, ordinary)


async def test_nothing_that_is_stored_logged_or_measured_tells_that_it_is_protected(drawn, capsys):
    await review(drawn)
    await drawn.get_review(case=PROTECTED, who=ANNA)
    tables = await drawn.pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        if table != "schema_migration":
            rows = await drawn.pool.fetch(f"SELECT one::text AS text FROM {table} AS one")
            assert [row for row in rows if PROTECTED in row["text"] and "protect" in row["text"]] == [], table
    logged = capsys.readouterr().out.splitlines()
    assert [line for line in logged if PROTECTED in line and "request" not in line] == []
    assert PROTECTED not in (await drawn.client.get("/metrics")).text
