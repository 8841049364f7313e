"""When the sampler erased who cases are, what was written about them goes, and our log says so once."""

import asyncio
import json
from uuid import UUID

import asyncpg
import pytest

from stickprov_contracts.events.erasure import CasesErased
from stickprov_contracts.questionnaires import Question, Questionnaire
from stickprov_findings.adapters.hearing_erasures import SQL, HearingErasures, erase_again
from stickprov_findings.adapters.sql.projection import DrawnCases
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.messaging.delivery import from_copy
from support.reviews import CASE, DRAW, POINT, QUESTIONNAIRE, case_drawn, point_defined, published
from support.waiting import eventually

ERASURE = UUID(int=7)
OTHER = "1" * 64
ERASED = CasesErased(erasure=ERASURE, draw=DRAW, control_points=[POINT], cases=[CASE], why="schedule")
TEXT = "Åsa Ek sa så"
REMARK = {"remark": True, "categories": ["swish"], "answers": {"what": "Åsa Ek sa så"}}

CORRECTED = REMARK | {"reason": TEXT, "comment": TEXT, "remark": False, "categories": []}


@pytest.fixture(autouse=True)
async def written(service):
    """Two cases with a comment each, a second review's comment, and a draft about the first case."""
    asked = Questionnaire(
        sv="Fritext", en="Text", remark="asked", questions=[Question(id="what", sv="Vad?", en="What?", type="text")]
    )
    await service.hear(
        point_defined(questionnaire=QUESTIONNAIRE), case_drawn(), case_drawn(OTHER, order=2), published(asked)
    )
    for case in (CASE, OTHER):
        body = REMARK | {"comment": TEXT}
        assert (await service.post("finding", body, case=case)).status_code == 201
    await service.save_draft({"comment": [TEXT]}, seen=0, review_version=1, who="reviewer-02")


async def told(service):
    rows = await service.pool.fetch("SELECT data FROM event WHERE type = 'stickprov.findings.free-text-erased.v1'")
    return [json.loads(row["data"]) for row in rows]


async def test_notes_and_drafts_of_the_erased_cases_go_and_others_stay(service):
    await service.hear(ERASED)

    assert [note.text for note in await service.notes()] == [TEXT, TEXT]
    assert await service.pool.fetchval("SELECT count(*) FROM draft") == 0
    (event,) = await told(service)
    assert (event["erasure"], event["cases"], event["notes"], event["drafts"]) == (str(ERASURE), [CASE], 2, 1)
    review = await service.review()
    assert (review["erased"], review["remark"], review["comment"]) == (True, True, None)
    answer = await service.get("/v1/erased-texts", who="auditor", erasure=str(ERASURE))
    assert [(one["cases"], one["notes"], one["drafts"]) for one in answer.json()] == [(1, 2, 1)]


async def test_what_is_applied_again_is_told_once(service):
    await service.hear(ERASED)
    (row,) = await service.pool.fetch("SELECT * FROM inbox_event ORDER BY position DESC LIMIT 1")
    heard = from_copy(row)
    again = Incoming(heard.position, heard.chain_hash, heard.envelope, ERASED)
    projection = HearingErasures(DrawnCases(), PostgresStore(service.pool, "findings", LogSignal()))
    for _ in range(2):
        async with service.pool.acquire() as connection, connection.transaction():
            await projection.apply(connection, [again])

    assert len(await told(service)) == 1


async def test_text_about_an_erased_case_is_refused_and_a_finding_without_it_is_not(service):
    await service.hear(ERASED)
    before = await service.stored()
    refused = [
        await service.post("correction", CORRECTED, seen=1),
        await service.post("withdrawal", {"reason": TEXT}, seen=1),
        await service.save_draft({"comment": [TEXT]}, seen=0, review_version=1),
    ]
    assert [(one.status_code, one.json()["code"]) for one in refused] == [(409, "case-erased")] * 3
    assert await service.stored() == before


async def test_a_case_that_nobody_can_know_is_nobodys_next_and_says_so_in_the_queue(service):
    await service.hear(case_drawn("2" * 64, order=3), case_drawn("3" * 64, order=4))
    await service.hear(ERASED.model_copy(update={"cases": ["2" * 64]}))
    following = await service.get("/v1/queue/next")
    listed = (await service.get("/v1/queue", status="waiting")).json()["items"]
    marked = await service.post("non-response", {"reason": "file-missing"}, case="2" * 64)

    assert following.json()["case"] == "3" * 64
    assert [(one["case"][0], one["erased"]) for one in listed] == [("2", True), ("3", False)]
    assert marked.status_code == 201


async def test_a_text_that_is_on_its_way_while_the_erasure_is_applied_is_not_kept(service):
    async def erase():
        async with service.pool.acquire() as connection, connection.transaction():
            await connection.execute(SQL["draw_alone"], int.from_bytes(b"eras"), str(DRAW))
            await connection.execute(SQL["write_erased_cases"], DRAW, [CASE])
            begun.set()
            await waiting.wait()
            await connection.execute(SQL["erase_notes"], [f"review/{DRAW}/{POINT}/{CASE}"])

    begun, waiting = asyncio.Event(), asyncio.Event()
    erasing = asyncio.create_task(erase())
    await begun.wait()
    correcting = asyncio.create_task(service.post("correction", CORRECTED, seen=1))

    async def blocked():
        return await service.pool.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")

    try:
        await eventually(blocked, what="the text waiting for the erasure")
    finally:
        waiting.set()
    await erasing
    answer = await correcting

    assert answer.status_code == 201
    assert [note.text for note in await service.notes()] == [TEXT, TEXT]
    streams = await service.pool.fetch("SELECT DISTINCT stream FROM note")
    assert [row["stream"][-64:] for row in streams] == [OTHER]


async def test_what_an_old_backup_brought_back_is_erased_again(service, database):
    await service.hear(ERASED)
    stream = f"review/{DRAW}/{POINT}/{CASE}"
    connection = await asyncpg.connect(database.superuser_url)
    try:
        await connection.execute("UPDATE note SET stream = $1", stream)
        assert await erase_again(connection) == 2
    finally:
        await connection.close()
    assert await service.notes() == []
