"""Who did what: every event can be found by what it is about, in order, page by page and as a file."""

import csv
import io
import json

import pytest

from stickprov_contracts.events import Event
from stickprov_contracts.http.audit import Trail
from stickprov_kernel.http.identity import actor_pseudonym
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from support.log import append, command
from support.reporting import (
    POINT,
    MonthCount,
    case_drawn,
    case_id,
    corrected,
    defined,
    draw_id,
    month_of_document,
    month_period,
    recorded,
    sample,
    stream_of,
)
from support.reporting_service import ReportingService, running_reporting
from support.tokens import STAFF_KEY

SMALL = MonthCount("2021-01", 100, 3, 1)
SECOND = MonthCount("2021-02", 100, 2, 1)
CASE = case_id("2021-01 0")


@pytest.fixture
async def service(new_database, tmp_path, free_port):
    async with running_reporting(await new_database(*FOLDERS), tmp_path, f"127.0.0.1:{free_port()}") as running:
        yield running


@pytest.fixture
async def filled(service) -> ReportingService:
    await service.hear(defined(), *month_of_document(SMALL), *month_of_document(SECOND))
    await service.hear(corrected("2021-01", "2021-01 0"))
    return service


async def trail(service: ReportingService, **query: object) -> Trail:
    answer = await service.get("/v1/audit/trail", who="auditor", **query)
    assert answer.status_code == 200, answer.text
    return Trail.model_validate_json(answer.content)


def types(found: Trail) -> list[str]:
    return [entry.type for entry in found.entries]


async def test_a_case_is_followed_from_its_draw_to_its_correction(filled):
    found = await trail(filled, case=CASE)

    # Everything in the test happened at the same time; then the logs follow each other by name.
    assert types(found) == ["finding-recorded", "finding-corrected", "case-drawn"]
    assert (found.total, found.more, found.next) == (3, False, None)
    finding, _, drawn = found.entries
    assert (drawn.source, drawn.draw, drawn.case, drawn.period) == ("sampler", draw_id("2021-01"), CASE, "2021-01")
    assert (finding.source, finding.control_points, finding.stream_version) == ("findings", [POINT], 1)
    assert finding.data["remark"] is True
    assert types(await trail(filled, case=CASE[:8])) == types(found)


async def test_a_finding_belongs_to_the_period_of_its_draw_though_it_names_none(filled):
    january = await trail(filled, period="2021-01")
    quarter = await trail(filled, period="2021-Q1")

    assert {entry.period for entry in january.entries} == {"2021-01"}
    assert types(january).count("finding-recorded") == 3
    assert types(quarter).count("finding-recorded") == 5
    assert (await trail(filled, period="2022")).entries == []


async def test_a_finding_that_is_heard_before_its_sample_is_found_by_the_samples_period(service):
    await service.hear(recorded("late", "a"))
    await service.hear(sample("late", [("", "2021-05", 10, 1)], month_period("2021-05")))

    found = await trail(service, period="2021-T2")

    assert sorted(types(found)) == ["finding-recorded", "sample-drawn"]


async def test_filters_hold_together(filled):
    found = await trail(
        filled, control_point=POINT, draw=draw_id("2021-02"), type=["finding-recorded", "finding-corrected"]
    )
    none = await trail(filled, draw=draw_id("2021-02"), case=CASE)

    assert types(found) == ["finding-recorded"] * 2
    assert {entry.draw for entry in found.entries} == {draw_id("2021-02")}
    assert none.entries == []
    assert {entry.source for entry in (await trail(filled, source="sampler")).entries} == {"sampler"}
    assert (await trail(filled, control_point="OTHER")).total == 0


async def test_a_point_that_shares_a_draw_is_not_told_of_the_other_points_findings(service):
    points = [POINT, "AMF-2021-4"]
    await service.hear(
        sample("shared", [("", "2021-01", 10, 1)], month_period("2021-01"), points=points),
        case_drawn("shared", "a", "2021-01", points=points),
        recorded("shared", "a"),
    )

    assert types(await trail(service, control_point="AMF-2021-4")) == ["sample-drawn", "case-drawn"]
    assert types(await trail(service, control_point=POINT)) == ["finding-recorded", "sample-drawn", "case-drawn"]


async def test_days_are_those_of_the_municipality(filled):
    # The events of the test happened at midnight UTC, which is one o'clock in Sweden.
    assert (await trail(filled, **{"from": "2021-01-31", "to": "2021-02-01"})).total == 14
    assert (await trail(filled, **{"from": "2021-02-01"})).total == 0
    assert (await trail(filled, to="2021-01-31")).total == 0


async def test_pages_give_every_event_once_in_either_order(filled):
    whole = await trail(filled)
    for order in ("oldest", "newest"):
        found, after = [], None
        while True:
            page = await trail(filled, limit=4, order=order, **({"after": after} if after else {}))
            found += page.entries
            if (after := page.next) is None:
                break
        expected = whole.entries if order == "oldest" else whole.entries[::-1]
        assert [(it.source, it.position) for it in found] == [(it.source, it.position) for it in expected]
    assert whole.total == len(whole.entries) == 1 + 2 * 3 + 1 + 2 * 2 + 1 + 1


async def test_me_is_the_caller(service):
    await said_by(service, actor_pseudonym(STAFF_KEY, "coordinator"), recorded("d", "mine"))
    await service.hear(recorded("d", "another's"))

    answer = await service.get("/v1/audit/trail", who="coordinator", actor="me")

    [mine] = answer.json()["entries"]
    assert mine["case"] == case_id("mine")
    assert (await trail(service, actor="p0")).total == 1


async def said_by(service: ReportingService, actor: str, event: Event) -> None:
    store = service.logs.stores["findings"]
    await store.commit(command(actor=actor), [append(stream_of(event), 0, event)], b"")
    await service.caught_up()


async def test_a_file_has_every_event_and_no_formula(filled):
    await said_by(filled, "=1+1", recorded("2021-02", "2021-02 9"))
    whole = await trail(filled)

    lines = await filled.get("/v1/audit/trail", who="auditor", format="jsonl")
    table = await filled.get("/v1/audit/trail", who="auditor", format="csv")

    assert [json.loads(line)["position"] for line in lines.text.splitlines()] == [it.position for it in whole.entries]
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["source"], int(row["position"])) for row in rows] == [(it.source, it.position) for it in whole.entries]
    assert [row["actor"] for row in rows if "1+1" in row["actor"]] == ["'=1+1"]
    assert table.headers["content-disposition"] == 'attachment; filename="stickprov-trail.csv"'


async def test_an_event_whose_bytes_were_changed_is_a_problem_that_says_where(filled):
    await filled.tamper(
        "ALTER TABLE inbox_event DISABLE TRIGGER insert_only;"
        " UPDATE inbox_event SET data = 'no json' WHERE source = 'findings' AND position = 1"
    )

    answer = await filled.get("/v1/audit/trail", who="auditor", source="findings")

    assert (answer.status_code, answer.json()["code"]) == (409, "copy-damaged")
    assert "position 1 of findings" in answer.json()["detail"]


@pytest.mark.parametrize(
    "query",
    [{"after": "x"}, {"after": "1.sampler"}, {"case": "AB"}, {"period": "yesterday"}, {"limit": 501}, {"order": "up"}],
)
async def test_what_cannot_be_asked_is_refused(service, query):
    assert (await service.get("/v1/audit/trail", who="auditor", **query)).status_code == 422


async def test_the_trail_is_for_auditors_and_coordinators(service):
    assert [(await service.get("/v1/audit/trail", who=who)).status_code for who in ("auditor", "coordinator")] == [
        200
    ] * 2
    assert [(await service.get("/v1/audit/trail", who=who)).status_code for who in ("board", "reviewer", "ops")] == [
        403
    ] * 3
