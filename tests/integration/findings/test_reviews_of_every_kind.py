"""Questionnaires, marks, second and file reviews, settlement and closed periods over HTTP, on real PostgreSQL."""

import asyncio
from decimal import Decimal
from uuid import uuid4

import pytest

from stickprov_contracts.questionnaires import Question, Questionnaire, RemarkRule
from support.reviews import CASE, JANUARY, QUESTIONNAIRE, case_drawn, period_closed, point_defined, published

SWISH = Question(id="swish", sv="S?", en="S?", type="yes_no", remarks=[RemarkRule(answers=["yes"], category="swish")])
ASKED = Questionnaire(sv="Kontoutdrag", en="Statements", questions=[SWISH])
ASKED_MORE = Questionnaire(
    sv="Kontoutdrag",
    en="Statements",
    questions=[SWISH, Question(id="why", sv="Varför?", en="Why?", type="text", required=False)],
)
LOOKED_INTO = Questionnaire(
    sv="Aktgranskning",
    en="File review",
    questions=[Question(id="amount", sv="Belopp?", en="Amount?", type="number", unit_sv="kr", unit_en="SEK")],
)
YES, NO = {"answers": {"swish": "yes"}}, {"answers": {"swish": "no"}}
SECOND, FILE = "second-reviews", "file-reviews"


@pytest.fixture
async def asked(service):
    await service.hear(
        point_defined(questionnaire=QUESTIONNAIRE, file_review_questionnaire="akt"),
        published(ASKED),
        published(LOOKED_INTO, name="akt"),
        case_drawn(),
    )


@pytest.fixture
async def both(service, asked):
    """The case, reviewed without a remark by reviewer-01 and with one by the blind reviewer-02."""
    await service.post("finding", NO)
    await service.give("reviewer-02", purpose="second-review")
    assert (await service.post("finding", YES, who="reviewer-02", path=SECOND)).status_code == 201


async def events(service, path="review"):
    rows = await service.pool.fetch("SELECT type FROM event WHERE stream LIKE $1 ORDER BY version", f"{path}/%")
    return [row["type"].split(".")[2] for row in rows]


def said(answer):
    return answer.status_code, answer.json()["code"], answer.json().get("current_version")


async def test_a_page_gets_all_it_needs_at_once(service, asked):
    await service.save_draft({"answers.swish": ["yes"]}, seen=0)
    review = await service.review()

    assert review["content"] == ASKED.model_dump(mode="json")
    assert (review["questionnaire"], review["questionnaire_number"]) == (QUESTIONNAIRE, 1)
    assert review["draft"]["fields"] == {"answers.swish": ["yes"]}
    assert [category["id"] for category in review["point_categories"]] == ["deposit", "swish"]
    assert (review["measure"], review["unit_name"], review["closed"]) == ("Kontoutdrag granskas", "hushåll", None)


async def test_a_finding_keeps_the_version_it_answered(service, asked):
    await service.hear(published(ASKED_MORE, number=2))
    old = await service.post("finding", YES | {"questionnaire_number": 1})
    new = await service.post("correction", {"answers": {"swish": "no", "why": "misread"}, "reason": "misread"}, seen=1)
    review = await service.review()

    assert (old.status_code, new.status_code) == (201, 201)
    assert [entry["questionnaire_number"] for entry in review["history"]] == [1, 2]
    assert (review["questionnaire_number"], list(review["versions"])) == (2, ["1"])
    assert review["versions"]["1"] == ASKED.model_dump(mode="json")
    assert [answer["text"] for answer in review["answers"]] == [None, "misread"]
    assert (review["remark"], review["history"][0]["categories"]) == (False, ["swish"])


@pytest.mark.parametrize("number", [9, 2**40])
async def test_a_version_that_does_not_exist_is_refused_by_its_field(service, asked, number):
    refused = await service.post("finding", YES | {"questionnaire_number": number})

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["questionnaire_number"]


async def test_a_finding_from_before_the_questionnaire_reads_as_before(service):
    await service.hear(point_defined(), case_drawn())
    await service.post("finding", {"remark": True, "categories": ["swish"], "comment": "as seen"})
    await service.hear(point_defined(questionnaire=QUESTIONNAIRE), published(ASKED))
    review = await service.review()

    assert (review["remark"], review["categories"], review["comment"]) == (True, ["swish"], "as seen")
    assert (review["answers"], review["history"][0]["questionnaire_number"]) == ([], None)
    assert (await service.post("correction", NO | {"reason": "misread"}, seen=1)).status_code == 201


@pytest.mark.parametrize("mark", ["over-coverage", "non-response"])
async def test_a_mark_for_another_reason_without_a_comment_is_refused_at_the_comment(service, asked, mark):
    refused = await service.post(mark, {"reason": "other"})
    assert (refused.status_code, [one["field"] for one in refused.json()["errors"]]) == (422, ["comment"])
    assert (await service.stored())["event"] == 0
    assert (await service.post(mark, {"reason": "other", "comment": "flyttat utomlands"})).status_code == 201


async def test_a_case_is_marked_reopened_and_reviewed(service, asked):
    marked = await service.post("non-response", {"reason": "file-missing", "comment": "not in the archive"})
    review = await service.review()
    assert (marked.status_code, review["status"], review["mark_reason"]) == (201, "non-response", "file-missing")
    assert review["comment"] == "not in the archive"

    refused = await service.post("finding", YES)
    assert said(refused) == (409, "already-marked", 1)
    await service.post("reopening", {"reason": "found it"}, seen=1)
    assert (await service.review())["status"] == "waiting"
    assert (await service.post("finding", YES)).status_code == 201
    assert await events(service) == ["case-marked-non-response", "review-reopened", "finding-recorded"]


async def test_a_reviewed_case_is_marked_only_by_who_saw_its_finding(service, asked):
    await service.post("finding", YES)

    assert said(await service.post("over-coverage", {"reason": "duplicate"})) == (409, "already-reviewed", 1)
    assert (await service.post("over-coverage", {"reason": "duplicate"}, seen=1)).status_code == 201
    assert (await service.review())["status"] == "over-coverage"


async def test_starting_twice_is_starting_once_and_the_answer_is_the_same(service, asked):
    first, again = await service.post("start", b""), await service.post("start", b"")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert await events(service) == ["review-started"]
    assert said(await service.post("start", b"", who="reviewer-02")) == (409, "already-started", 1)


async def test_of_two_who_mark_and_record_at_once_one_does(service, asked):
    answers = await asyncio.gather(
        *(service.post("finding", YES, who=f"reviewer-{n:02}") for n in range(5)),
        *(service.post("over-coverage", {"reason": "duplicate"}, who=f"reviewer-{n:02}") for n in range(5, 10)),
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    assert {answer.json()["current_version"] for answer in answers if answer.status_code == 409} == {1}
    assert len(await events(service)) == 1


async def test_a_second_reviewer_sees_nothing_of_the_first_review(service, both):
    second = await service.review(who="reviewer-02", path=SECOND)

    assert [entry["actor"] for entry in second["history"]] == [service.actor("reviewer-02")]
    assert (second["disagrees"], second["second"], second["second_version"]) == (False, [], None)
    assert service.actor("reviewer-01") not in str(second)
    for answer in (
        await service.get_review(who="reviewer-02"),
        await service.post("correction", YES | {"reason": "x"}, seen=1, who="reviewer-02"),
        await service.post("finding", YES, who="reviewer-02"),
        await service.post("start", b"", who="reviewer-02"),
    ):
        assert said(answer) == (403, "case-not-yours", None)


async def test_a_waiting_second_review_tells_nothing_of_how_the_first_stands(service, asked):
    await service.give("reviewer-02", purpose="second-review")
    before = await service.review(who="reviewer-02", path=SECOND)
    await service.post("finding", YES | {"comment": "as I see it"})

    assert await service.review(who="reviewer-02", path=SECOND) == before


async def test_the_first_reviewer_does_not_see_that_anybody_disagrees(service, both):
    first = await service.review()

    assert (first["disagrees"], first["second"], first["second_version"]) == (False, [], None)
    assert service.actor("reviewer-02") not in str(first)


async def test_the_first_reviewer_is_not_the_second(service, asked):
    await service.post("finding", NO)
    await service.give("reviewer-01", purpose="second-review")

    assert said(await service.post("finding", NO, path=SECOND)) == (403, "case-not-yours", None)


async def test_a_coordinator_sees_both_and_settles(service, both):
    seen = await service.review(who="coordinator")
    assert (seen["disagrees"], seen["second_version"], seen["second"][0]["remark"]) == (True, 1, True)

    settlement = YES | {"second_version": 1, "reason": "the deposit is on page two"}
    assert (await service.post("settlement", settlement, seen=1)).status_code == 403
    assert (await service.post("settlement", settlement, seen=1, who="coordinator")).status_code == 201
    settled = await service.review(who="coordinator")
    assert (settled["disagrees"], settled["remark"], settled["status"]) == (False, True, "reviewed")
    assert [entry["what"] for entry in settled["history"]] == ["recorded", "settled"]
    assert settled["history"][1]["reason"] == "the deposit is on page two"


async def test_settling_while_the_first_reviewer_corrects_lets_one_of_them_through(service, both):
    settlement = YES | {"second_version": 1, "reason": "looked"}
    answers = await asyncio.gather(
        service.post("settlement", settlement, seen=1, who="coordinator"),
        service.post("correction", YES | {"reason": "misread"}, seen=1),
    )

    assert sorted(answer.status_code for answer in answers) == [201, 412]
    assert [answer.json()["current_version"] for answer in answers if answer.status_code == 412] == [2]
    assert len(await events(service)) == 2


async def test_a_second_review_that_was_corrected_meanwhile_is_not_settled_unseen(service, both):
    await service.post("correction", NO | {"reason": "misread"}, seen=1, who="reviewer-02", path=SECOND)
    await service.post("correction", YES | {"reason": "no"}, seen=2, who="reviewer-02", path=SECOND)
    refused = await service.post(
        "settlement", YES | {"second_version": 1, "reason": "looked"}, seen=1, who="coordinator"
    )

    assert said(refused) == (412, "stale-version", None)
    assert await events(service) == ["finding-recorded"]


async def test_where_second_reviews_are_blind_nobody_reads_anothers_review(service):
    await service.hear(point_defined(second_review_share=Decimal("0.1"), reviewer_rule="anyone"), case_drawn())
    await service.post("finding", {"remark": False})

    assert (await service.get_review()).status_code == 200
    assert said(await service.get_review(who="reviewer-03")) == (403, "case-not-yours", None)
    assert said(await service.post("finding", {"remark": False}, who="reviewer-03")) == (409, "already-reviewed", 1)
    assert (await service.get_review(who="auditor")).status_code == 200


async def test_a_case_with_a_remark_is_looked_into_again(service, asked):
    await service.post("finding", NO)
    looked_into = {"answers": {"amount": "1 250,50"}}
    assert said(await service.post("finding", looked_into, path=FILE, who="reviewer-03"))[:2] == (409, "no-remark")

    await service.post("correction", YES | {"reason": "misread"}, seen=1)
    assert (await service.post("finding", looked_into, path=FILE, who="reviewer-03")).status_code == 201
    review = await service.review(path=FILE, who="reviewer-03")
    assert (review["purpose"], review["questionnaire"], review["status"]) == ("file-review", "akt", "reviewed")
    assert [answer["number"] for answer in review["answers"]] == ["1250.5"]
    assert await events(service, "file-review") == ["file-review-recorded"]
    assert (await service.review())["version"] == 2


async def test_whom_a_case_is_given_to_may_go_on_and_nobody_else(service, asked):
    await service.give("reviewer-02")
    assert said(await service.post("finding", NO)) == (403, "case-not-yours", None)
    assert (await service.post("finding", NO, who="reviewer-02")).status_code == 201

    await service.give("reviewer-01")
    assert said(await service.get_review(who="reviewer-02")) == (403, "case-not-yours", None)
    assert (await service.post("correction", YES | {"reason": "mine now"}, seen=1)).status_code == 201


@pytest.mark.parametrize(
    ("what", "body", "seen"),
    [
        ("start", {}, None),
        ("finding", NO, None),
        ("correction", YES | {"reason": "late"}, 1),
        ("withdrawal", {"reason": "late"}, 1),
        ("over-coverage", {"reason": "duplicate"}, 1),
        ("non-response", {"reason": "no-time"}, None),
    ],
)
async def test_nothing_changes_in_a_closed_period(service, asked, what, body, seen):
    if seen is not None:
        await service.post("finding", NO)
    stored = await service.stored()
    await service.hear(period_closed(JANUARY))
    refused = await service.post(what, body, seen=seen)

    assert said(refused) == (409, "period-closed", seen or 0)
    assert "2021-01" in refused.json()["detail"]
    assert await service.stored() == stored
    assert (await service.review())["closed"] == "2021-01"


async def test_a_command_carried_out_before_the_period_was_closed_is_answered_again(service, asked):
    command_id = uuid4()
    first = await service.post("finding", NO, command_id=command_id)
    await service.hear(period_closed())
    again = await service.post("finding", NO, command_id=command_id)

    assert (again.status_code, again.content) == (200, first.content)


async def test_another_points_closed_period_closes_nothing_here(service, asked):
    await service.hear(period_closed(point="AMF-2021-4"))

    assert (await service.post("finding", NO, case=CASE)).status_code == 201
