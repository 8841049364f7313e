"""Many findings from a table: all of them or none, faults by row and column, and no harm in doing it again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from stickprov_contracts.http.headers import COMMAND_ID
from support.questionnaires import asking
from support.reviews import DRAW, POINT, QUESTIONNAIRE, case_drawn, point_defined, published

A, B, C = "aa" * 32, "bb" * 32, "cc" * 32
FEBRUARY_DRAW = UUID("0190b000-0000-7000-8000-000000000001")
ASKED = asking(
    {"id": "plan", "type": "yes_no", "remarks": [{"answers": ["no"], "category": "deposit"}]},
    {"id": "why", "type": "text", "applies_if": {"question": "plan", "answers": ["no"]}},
    {"id": "needs", "type": "yes_no", "level": "subunit"},
)
COLUMNS = ["case", "subunit", "outcome", "reason", "plan", "why", "needs", "kommentar"]
ROWS = [
    [A[:8], "1", "", "", "ja", "", "nej", "Lugnt"],
    [A[:8], "2", "övertäckning", "duplicate", "", "", "", ""],
    [B, "", "bortfall", "Behörighet saknas", "", "", "", "Låst akt"],
    [f"{DRAW}/{POINT}/{C}", "", "", "", "no", "Saknas i akten", "", ""],
]


@dataclass
class Importing:
    """Sends tables, as a reviewer's client does."""

    service: Any

    async def send(
        self, rows: list[list[str]], *, columns=None, preview=False, command=None, who="reviewer-01", **rest
    ) -> httpx.Response:
        body = {
            "control_point": POINT,
            "columns": columns or COLUMNS,
            "rows": [{"row": number, "cells": cells} for number, cells in enumerate(rows, start=2)],
            **rest,
        }
        path = "/v1/findings/import" + ("/preview" if preview else "")
        headers = self.service.signed_in(who) | ({} if preview else {COMMAND_ID: str(command or uuid4())})
        return await self.service.client.post(path, json=body, headers=headers)


@pytest.fixture
async def importing(service) -> Importing:
    await service.hear(
        published(ASKED),
        point_defined(questionnaire=QUESTIONNAIRE),
        case_drawn(A, subunits=["1", "2"]),
        case_drawn(B, order=2),
        case_drawn(C, order=3),
    )
    return Importing(service)


def faults(answer: httpx.Response) -> list[tuple[int | None, str, str]]:
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "rows-rejected"
    return [(fault["row"], fault["field"], fault["code"]) for fault in answer.json()["errors"]]


async def test_a_table_is_recorded_whole(service, importing):
    done = await importing.send(ROWS)
    assert done.json() == {"recorded": 2, "remarks": 1, "over_coverage": 0, "non_response": 1, "unchanged": 0}
    assert await service.stored() == {"event": 3, "command": 1, "note": 3}
    first = (await service.get_review(case=A)).json()
    assert (first["status"], first["remark"], first["comment"]) == ("reviewed", False, "Lugnt")
    assert [(one["subunit"], one["outcome"], one["reason"]) for one in first["found"]] == [
        ("1", "reviewed", None),
        ("2", "over-coverage", "duplicate"),
    ]
    marked = (await service.get_review(case=B)).json()
    assert (marked["status"], marked["mark_reason"], marked["comment"]) == ("non-response", "no-access", "Låst akt")
    third = (await service.get_review(case=C)).json()
    assert (third["remark"], third["categories"], third["answers"][1]["text"]) == (True, ["deposit"], "Saknas i akten")


async def test_a_dry_run_counts_the_same_and_stores_nothing(service, importing):
    looked = await importing.send(ROWS, preview=True)
    assert looked.json() == {"recorded": 2, "remarks": 1, "over_coverage": 0, "non_response": 1, "unchanged": 0}
    assert await service.stored() == {"event": 0, "command": 0, "note": 0}


async def test_a_retry_and_the_same_table_again_change_nothing(service, importing):
    command = uuid4()
    first = await importing.send(ROWS, command=command)
    assert (await importing.send(ROWS, command=command)).content == first.content
    again = await importing.send(ROWS)
    assert again.json() == {"recorded": 0, "remarks": 0, "over_coverage": 0, "non_response": 0, "unchanged": 3}
    assert (await service.stored())["event"] == 3


async def test_what_another_table_says_of_a_reviewed_case_is_refused(service, importing):
    await importing.send(ROWS)
    other = [[*ROWS[0][:-1], "Ändrat"], ROWS[1], [*ROWS[2][:3], "moved", *ROWS[2][4:]], ROWS[3]]
    assert faults(await importing.send(other)) == [
        (2, "case", "already-reviewed"),
        (4, "case", "already-marked"),
    ]
    assert (await service.stored())["event"] == 3


async def test_one_fault_keeps_everything_out_and_every_fault_has_its_row(service, importing):
    wrong = [
        [A, "1", "", "", "ja", "onödigt", "kanske", ""],
        [A, "3", "", "", "", "", "nej", ""],
        ["dd" * 32, "", "", "", "ja", "", "", ""],
        ROWS[2],
        [C, "", "", "", "nej", "", "", "", "för mycket"],
    ]
    assert sorted(faults(await importing.send(wrong))) == [
        (2, "needs", "choice-unknown"),
        (2, "subunit", "subunit-missing"),
        (2, "why", "question-not-applicable"),
        (3, "subunit", "subunit-unknown"),
        (4, "case", "case-not-drawn"),
        (6, "", "row-too-long"),
    ]
    assert await service.stored() == {"event": 0, "command": 0, "note": 0}


async def test_headings_are_checked_before_rows(importing):
    assert faults(await importing.send(ROWS, columns=["ärende", "Case", "två ord"])) == [
        (1, "Case", "column-repeated"),
        (1, "två ord", "column-unknown"),
    ]


async def test_cases_are_meant_by_their_number_in_the_draw(service, importing):
    rows = [["2", "2021-01-01", "bortfall", "no-access"], ["3", "", "övertäckning", "duplicate"]]
    columns = ["Ordningsnummer", "Månad", "Utfall", "Orsak"]
    done = await importing.send(rows, columns=columns)
    assert (done.json()["non_response"], done.json()["over_coverage"]) == (1, 1)
    assert (await service.get_review(case=B)).json()["mark_reason"] == "no-access"
    assert faults(await importing.send([["4", "", "", ""], ["2", "2021-02", "", ""]], columns=columns)) == [
        (2, "Ordningsnummer", "case-not-drawn"),
        (3, "Ordningsnummer", "case-not-drawn"),
    ]


async def test_only_cases_that_one_may_review_are_recorded(service, importing):
    await service.give("reviewer-02", case=B)
    assert faults(await importing.send(ROWS)) == [(4, "case", "case-not-yours")]
    assert (await importing.send([ROWS[2]], who="reviewer-02")).status_code == 200
    assert (await importing.send(ROWS, who="coordinator")).status_code == 403


async def test_a_case_drawn_twice_needs_its_draw(service, importing):
    await service.hear(case_drawn(A, subunits=["1", "2"], draw=FEBRUARY_DRAW))
    assert faults(await importing.send(ROWS))[0] == (2, "draw", "draw-ambiguous")
    assert (await importing.send(ROWS, draw=str(DRAW))).json()["recorded"] == 2


async def test_a_draft_goes_with_the_import_that_ends_its_review(service, importing):
    kept = await service.client.put(
        f"/v1/reviews/{DRAW}/{POINT}/{C}/draft",
        json={"fields": {"answers.plan": ["yes"]}, "review_version": 0},
        headers=service.signed_in("reviewer-01") | {"If-Match": '"0"'},
    )
    assert kept.status_code == 200
    await importing.send(ROWS)
    assert await service.pool.fetchval("SELECT count(*) FROM draft") == 0


async def test_what_a_reviewer_has_found_is_listed_for_them_alone(service, importing):
    await importing.send(ROWS[:3])
    await importing.send(ROWS[3:], who="reviewer-02")
    mine = (await service.get("/v1/findings", control_point=POINT, limit=1)).json()
    assert (mine["total"], [one["case"] for one in mine["items"]]) == (2, [A])
    rest = (await service.get("/v1/findings", limit=5, offset=1)).json()
    assert [(one["case"], one["status"]) for one in rest["items"]] == [(B, "non-response")]
    assert (await service.get("/v1/findings", who="reviewer-02")).json()["total"] == 1
    beyond = (await service.get("/v1/findings", offset=50)).json()
    assert (beyond["total"], beyond["items"]) == (2, [])
