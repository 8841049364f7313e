"""What a reviewer has filled in survives what can happen to it, and is gone when the review is done."""

import asyncio
from datetime import UTC, datetime

import pytest

from stickprov_findings.adapters.sql.drafts import Drafts
from stickprov_findings.adapters.sweeping import DraftSweep
from support.findings_service import running_findings
from support.reviews import case_drawn, point_defined
from support.tokens import issuer
from support.waiting import eventually

TYPED = {"answers.swish": ["yes"], "subunits.0.answers.what": ["a text\nof two lines"], "categories": ["swish", ""]}
NO_REMARK = {"remark": False}


@pytest.fixture
async def drawn(service):
    await service.hear(point_defined(), case_drawn())


async def rows(service):
    return await service.pool.fetchval("SELECT count(*) FROM draft")


async def test_a_draft_is_kept_as_it_was_typed(service, drawn):
    saved = await service.save_draft(TYPED, seen=0)
    read = await service.draft()

    assert (saved.status_code, saved.headers["ETag"], read.headers["ETag"]) == (200, '"1"', '"1"')
    assert read.json() == saved.json()
    assert (read.json()["fields"], read.json()["review_version"]) == (TYPED, 0)


async def test_a_draft_is_nobody_elses(service, drawn):
    await service.save_draft(TYPED, seen=0)

    for who in ("reviewer-02", "coordinator"):
        assert (await service.draft(who=who)).json()["code"] == "no-draft"
        assert (await service.review(who=who))["draft"] is None
    assert (await service.draft(who="auditor")).status_code == 403


async def test_another_tabs_newer_draft_is_not_overwritten(service, drawn):
    await service.save_draft(TYPED, seen=0)
    await service.save_draft(TYPED | {"comment": ["newer"]}, seen=1)

    for seen in (0, 1, 7):
        late = await service.save_draft(TYPED | {"comment": ["older"]}, seen=seen)
        assert (late.status_code, late.json()["code"], late.json()["current_version"]) == (412, "stale-version", 2)
    assert (await service.draft()).json()["fields"]["comment"] == ["newer"]


async def test_of_ten_tabs_at_once_one_saves_and_the_others_hear_of_it(service, drawn):
    saves = await asyncio.gather(*(service.save_draft({"comment": [str(n)]}, seen=0) for n in range(10)))

    assert sorted(save.status_code for save in saves) == [200] + [412] * 9
    [kept] = [save.json()["fields"] for save in saves if save.status_code == 200]
    assert (await service.draft()).json()["fields"] == kept


async def test_a_save_that_is_sent_again_is_answered_as_the_first_time(service, drawn):
    first = await service.save_draft(TYPED, seen=0)
    again = await service.save_draft(TYPED, seen=0)

    assert (again.status_code, again.json()) == (200, first.json())


async def test_a_draft_says_which_version_was_seen(service, drawn):
    assert (await service.save_draft(TYPED, seen=None)).status_code == 428


@pytest.mark.parametrize(("what", "body"), [("finding", NO_REMARK), ("non-response", {"reason": "no-time"})])
async def test_what_ends_a_review_ends_its_draft(service, drawn, what, body):
    await service.save_draft(TYPED, seen=0)
    await service.post(what, body)

    assert (await service.draft()).status_code == 404
    assert await rows(service) == 0


async def test_a_refused_finding_leaves_the_draft(service, drawn):
    await service.save_draft(TYPED, seen=0)
    assert (await service.post("finding", {"remark": True})).status_code == 422

    assert (await service.draft()).json()["fields"] == TYPED


async def test_a_start_leaves_the_draft(service, drawn):
    await service.save_draft(TYPED, seen=0)
    await service.post("start", b"")

    assert (await service.draft()).status_code == 200


async def test_whoever_lost_the_case_to_somebody_keeps_what_they_typed(service, drawn):
    await service.save_draft(TYPED, seen=0)
    await service.post("finding", NO_REMARK, who="reviewer-02")
    lost = await service.post("finding", NO_REMARK)

    assert (lost.status_code, lost.json()["code"], lost.json()["current_version"]) == (409, "already-reviewed", 1)
    assert (await service.draft()).json()["fields"] == TYPED
    assert (await service.review())["history"][0]["actor"] == service.actor("reviewer-02")


async def test_a_save_that_comes_after_the_review_was_ended_brings_nothing_back(service, drawn):
    await service.post("finding", NO_REMARK)
    late = await service.save_draft(TYPED, seen=0)

    assert (late.status_code, late.json()["current_version"]) == (412, 0)
    assert (await service.draft()).status_code == 404


async def test_what_a_late_save_left_behind_is_no_draft_and_gives_way(service, drawn):
    await service.save_draft(TYPED, seen=0)
    left = await service.pool.fetchrow("SELECT * FROM draft")
    await service.post("finding", NO_REMARK)
    await service.pool.execute("INSERT INTO draft VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", *left)

    assert (await service.draft()).status_code == 404
    assert (await service.review())["draft"] is None
    saved = await service.save_draft({"reason": ["misread"]}, seen=0, review_version=1)
    assert (saved.status_code, saved.json()["version"]) == (200, 1)
    assert (await service.draft()).json()["fields"] == {"reason": ["misread"]}


async def test_a_draft_is_forgotten_when_asked(service, drawn):
    await service.save_draft(TYPED, seen=0)
    path = str((await service.draft()).request.url)
    for _ in range(2):
        assert (await service.client.delete(path, headers=service.signed_in("reviewer-01"))).status_code == 204

    assert await rows(service) == 0


async def test_a_draft_has_an_end(service, drawn):
    large = await service.save_draft({f"f{n}": ["x" * 9_000] for n in range(30)}, seen=0)

    assert (large.status_code, large.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("fields", "version"), [({"a\x00b": ["x"]}, 0), ({"a": ["\x00"]}, 0), ({"a": ["x"]}, 2**40), ({"a": ["x"]}, -1)]
)
async def test_what_cannot_be_kept_is_refused_and_no_fault_of_ours(service, drawn, fields, version):
    assert (await service.save_draft(fields, seen=0, review_version=version)).status_code == 422
    assert await rows(service) == 0


@pytest.mark.parametrize("number", [2**40, 0, "1"])
async def test_a_number_that_no_questionnaire_has_is_refused_and_no_fault_of_ours(service, drawn, number):
    assert (await service.post("finding", NO_REMARK | {"questionnaire_number": number})).status_code == 422


async def test_a_draft_is_for_a_case_of_ones_own(service, drawn):
    await service.give("reviewer-02")

    assert (await service.save_draft(TYPED, seen=0)).json()["code"] == "case-not-yours"
    assert (await service.save_draft(TYPED, seen=0, who="reviewer-02")).status_code == 200


async def test_a_draft_lies_sealed_and_opens_in_its_own_row_alone(service, drawn):
    await service.save_draft({"comment": ["Planterad Person"]}, seen=0)
    await service.save_draft(TYPED, seen=0, who="reviewer-02")
    rows = await service.pool.fetch("SELECT * FROM draft")
    assert not any(b"Planterad" in row["sealed"] for row in rows)

    await service.pool.execute(
        "UPDATE draft SET master = other.master, wrapped_key = other.wrapped_key, sealed = other.sealed "
        "FROM draft AS other WHERE draft.reviewer = $1 AND other.reviewer <> $1",
        service.actor("reviewer-02"),
    )

    taken = await service.draft(who="reviewer-02")
    assert (taken.status_code, taken.json()["code"]) == (500, "seal-broken")
    assert (await service.draft()).json()["fields"] == {"comment": ["Planterad Person"]}


async def aged(service, days: int) -> None:
    """Let a draft be so old."""
    await service.pool.execute("UPDATE draft SET saved_at = saved_at - make_interval(days => $1)", days)


async def test_a_draft_that_nobody_touches_for_long_goes_and_a_younger_one_stays(service, drawn):
    sweep = DraftSweep(Drafts(service.pool, service.sealing), 90, lambda _count: None)
    await service.save_draft(TYPED, seen=0)
    await aged(service, 91)
    await service.save_draft(TYPED, seen=0, who="reviewer-02")
    await aged(service, 89)
    assert await sweep.sweep(datetime.now(UTC)) == 1
    assert (await service.draft()).json()["code"] == "no-draft"
    assert (await service.draft(who="reviewer-02")).json()["fields"] == TYPED
    assert await sweep.sweep(datetime.now(UTC)) == 0


async def test_an_old_draft_that_is_saved_again_is_a_new_one(service, drawn):
    await service.save_draft(TYPED, seen=0)
    await aged(service, 91)
    await service.save_draft(TYPED | {"comment": ["later"]}, seen=1)
    assert (
        await DraftSweep(Drafts(service.pool, service.sealing), 90, lambda _count: None).sweep(datetime.now(UTC)) == 0
    )


async def test_the_service_sweeps_by_itself_and_counts_what_went(database, tmp_path, free_port):
    signer, bootstrap = issuer(), f"127.0.0.1:{free_port()}"
    async with running_findings(database, tmp_path, bootstrap, signer=signer) as service:
        await service.hear(point_defined(), case_drawn())
        await service.save_draft(TYPED, seen=0)
        await aged(service, 91)
    async with running_findings(database, tmp_path, bootstrap, signer=signer) as service:

        async def swept() -> bool:
            return "stickprov_findings_drafts_swept_total 1.0" in (await service.client.get("/metrics")).text

        await eventually(swept, what="the old draft to be swept")
        assert await rows(service) == 0


async def test_a_draft_survives_a_restarted_service(database, tmp_path, free_port):
    signer, bootstrap = issuer(), f"127.0.0.1:{free_port()}"
    async with running_findings(database, tmp_path, bootstrap, signer=signer) as service:
        await service.hear(point_defined(), case_drawn())
        await service.save_draft(TYPED, seen=0)
    async with running_findings(database, tmp_path, bootstrap, signer=signer) as service:
        assert (await service.draft()).json()["fields"] == TYPED
