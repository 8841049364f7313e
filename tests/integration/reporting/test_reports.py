"""Reports over HTTP: every format, from one moment that can be asked for again, with the words that findings keeps."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from stickprov_contracts.http.reports import Fields, Report
from stickprov_kernel.log.hashing import leaf_hash
from stickprov_kernel.log.tree import root_of
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from support.report_scenes import DNR, FORM, PLAN, actions, concluded, plan_of_the_document
from support.reporting import JANUARY_TO_MARCH, POINT, defined, month_of_document, recorded
from support.reporting_service import ReportingService, running_reporting

FORM_OF_QUARTER = {"control_point": POINT, "from": "2021-01-01", "to": "2021-04-01"}
READABLE = {
    "html": b"<!doctype html>",
    "pdf": b"%PDF-1.7",
    "docx": b"PK",
    "xlsx": b"PK",
    "csv": b"\xef\xbb\xbf",
    "json": b"{",
}

WRONG: tuple[tuple[str, dict[str, object], dict[str, str]], ...] = (
    ("standard-form", {}, {"control_point": "missing", "from": "missing", "to": "missing"}),
    ("standard-form", FORM_OF_QUARTER | {"to": "2021-01-01"}, {"to": "range-empty"}),
    ("standard-form", FORM_OF_QUARTER | {"plan": "P"}, {"plan": "not-taken"}),
    ("standard-form", FORM_OF_QUARTER | {"suppress_below": 1}, {"suppress_below": "greater-than-equal"}),
    ("standard-form", FORM_OF_QUARTER | {"suppress_below": 21}, {"suppress_below": "less-than-equal"}),
    ("actions", {"suppress_below": 5}, {"suppress_below": "not-taken"}),
    ("standard-form", FORM_OF_QUARTER | {"sampler_position": 1}, {"findings_position": "position-missing"}),
    ("plan-status", {"control_point": POINT}, {"plan": "missing", "control_point": "not-taken"}),
    ("actions", {"from": "2021-01-01"}, {"from": "not-taken"}),
)


@pytest.fixture
async def service(new_database, tmp_path, free_port) -> AsyncIterator[ReportingService]:
    async with running_reporting(await new_database(*FOLDERS), tmp_path, f"127.0.0.1:{free_port()}") as running:
        months = [event for count in JANUARY_TO_MARCH for event in month_of_document(count)]
        await running.hear(defined(categories=["deposit"]), *months)
        yield running


async def report(service: ReportingService, kind: str = "standard-form", **query: object) -> Report:
    asked = FORM_OF_QUARTER if kind == "standard-form" else {}
    answer = await service.get(f"/v1/reports/{kind}", **(asked | query | {"format": "json"}))
    assert answer.status_code == 200, answer.text
    return Report.model_validate_json(answer.content)


def form(found: Report) -> dict[str, str]:
    """The form's fields as one text each."""
    fields = next(block for block in found.blocks if isinstance(block, Fields))
    return {field.label: "\n".join(line.text for line in field.lines) for field in fields.fields}


async def test_every_format_comes_under_a_name_that_says_what_it_is(service):
    for ending, beginning in READABLE.items():
        answer = await service.get("/v1/reports/standard-form", **FORM_OF_QUARTER, format=ending)

        assert (answer.status_code, answer.content.startswith(beginning)) == (200, True)
        name = quote(f"Internkontrollmoment 3, januari–mars 2021.{ending}")
        assert f"filename*=UTF-8''{name}" in answer.headers["content-disposition"]


async def test_the_figures_are_those_of_the_statistic_and_the_words_those_of_findings(service):
    await service.hear(concluded(service.logs.notes))

    told = form(await report(service))

    assert told["Urval (antal)"] == "509 hushåll, 6,4\xa0% av urvalsramen (509 av 7\xa0989)."
    assert "20,4\xa0% (104 av 509)" in told["Resultat"]
    assert "mellan 1\xa0353 och 1\xa0913" in told["Resultat"]
    assert FORM["result"] in told["Resultat"]
    assert told["Kontroll genomförd av"] == FORM["carried_out_by"]


async def test_the_same_places_in_the_logs_give_the_same_blocks_after_more_has_happened(service):
    first = await report(service, on="2021-05-01")
    places = {f"{source}_position": place.position for source, place in first.stamp.as_of.items()}
    await service.hear(recorded("2021-01", "2021-01 150", remark=True), concluded(service.logs.notes))

    now = await report(service, on="2021-05-01")
    again = await report(service, on="2021-05-01", **places)

    assert [block.model_dump_json() for block in again.blocks] == [block.model_dump_json() for block in first.blocks]
    assert (again.stamp.as_of, again.stamp.roots) == (first.stamp.as_of, first.stamp.roots)
    assert now.blocks != first.blocks


async def test_the_address_on_the_stamp_makes_the_report_again(service):
    first = await report(service)
    await service.hear(concluded(service.logs.notes))

    again = Report.model_validate_json((await service.get(first.stamp.request)).content)

    assert (again.blocks, again.stamp.request) == (first.blocks, first.stamp.request)


async def test_a_report_without_small_numbers_is_made_again_without_them(service):
    first = await report(service, suppress_below=20)
    await service.hear(concluded(service.logs.notes))

    again = Report.model_validate_json((await service.get(first.stamp.request)).content)

    assert any(block.kind == "heading" and block.text == "Små tal visas inte" for block in first.blocks)
    assert (again.blocks, again.stamp.request) == (first.blocks, first.stamp.request)


async def test_the_stamp_has_the_roots_of_both_logs(service):
    stamp = (await report(service)).stamp

    for source, store in service.logs.stores.items():
        entries = await store.read(0, 100_000)
        leaves = [leaf_hash(entry.envelope, entry.data) for entry in entries]
        assert stamp.as_of[source].position == len(entries)
        assert stamp.roots[source] == root_of(leaves).hex()


async def test_an_erased_text_is_said_to_be_erased(service):
    conclusion = concluded(service.logs.notes)
    await service.hear(conclusion)
    service.logs.notes.erase(conclusion.texts["assessment"])

    found = await report(service)

    assert (
        form(found)["Kommentar till utfall (möjliga risker och möjliga orsaker till utfallet)"] == "Texten är raderad."
    )
    assert (found.stamp.erased, found.stamp.altered) == (1, 0)


async def test_a_text_that_the_log_does_not_know_is_not_printed(service):
    conclusion = concluded(service.logs.notes)
    await service.hear(conclusion)
    service.logs.notes.alter(conclusion.texts["result"], "Allt är bra.")

    found = await report(service)

    assert "Allt är bra" not in found.model_dump_json()
    assert (found.stamp.erased, found.stamp.altered) == (0, 1)


async def test_a_plan_and_its_actions_are_reported(service):
    await service.hear(*plan_of_the_document(service.logs.notes), *actions(service.logs.notes))

    plan = await report(service, "plan-status", plan=PLAN)
    follow_up = await report(service, "actions", control_point=POINT, on="2022-06-01")

    assert (plan.registration, plan.title) == (DNR, "Uppföljning och statusuppdatering T2 2022")
    assert "Arbetet med rutinerna fortgår." in follow_up.model_dump_json()


async def test_a_wrong_question_is_told_which_option_is_wrong(service):
    for kind, query, faults in WRONG:
        answer = await service.get(f"/v1/reports/{kind}", **query)

        assert answer.status_code == 422
        assert {one["field"]: one["code"] for one in answer.json()["errors"]} == faults


async def test_what_is_not_known_is_told_with_what_is(service):
    point = await service.get("/v1/reports/standard-form", **FORM_OF_QUARTER | {"control_point": "X-1"})
    plan = await service.get("/v1/reports/plan-status", plan="X")

    assert (point.status_code, point.json()["detail"]) == (404, f"There is no control point X-1. There are: {POINT}.")
    assert (plan.status_code, plan.json()["detail"]) == (404, "There is no plan X; none was adopted yet.")


async def test_a_report_without_its_words_is_not_made(new_database, tmp_path, free_port):
    async with running_reporting(await new_database(*FOLDERS), tmp_path, f"127.0.0.1:{free_port()}") as heard:
        await heard.hear(defined(), *month_of_document(JANUARY_TO_MARCH[0]), concluded(heard.logs.notes))
        database, logs = heard.database, heard.logs
    async with running_reporting(
        database, tmp_path, f"127.0.0.1:{free_port()}", logs=logs, away=["findings"], wait_ready=False
    ) as service:
        answer = await service.get("/v1/reports/standard-form", **FORM_OF_QUARTER)

    assert (answer.status_code, answer.json()["code"]) == (503, "texts-unavailable")
