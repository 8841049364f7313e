"""A release that keeps more of the sampler's log than the last one gets it from the copy of that log."""

import shutil
from importlib.resources import as_file, files

import asyncpg
import pytest

from stickprov_contracts.events.plans import StaffMember
from stickprov_contracts.questionnaires import Question, Questionnaire
from stickprov_findings.adapters.sql.folding import fold_anew
from stickprov_findings.adapters.sql.migrations import FOLDERS
from stickprov_findings.adapters.sql.projection import DrawnCases
from stickprov_kernel.database.migrations import INBOX, LOG, MigrationFolder, migrate
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.log.understanding import understand
from stickprov_kernel.messaging.delivery import from_copy
from support.findings_service import running_findings
from support.reviews import (
    CASE,
    POINT,
    QUESTIONNAIRE,
    case_drawn,
    period_closed,
    point_defined,
    published,
    staff_listed,
)

ASKED = Questionnaire(sv="Kontoutdrag", en="Statements", questions=[Question(id="a", sv="A?", en="A?", type="yes_no")])
TABLES = ("drawn_case", "control_point", "questionnaire_version", "staff", "staff_list", "closed_period")
FORGET = [
    "UPDATE projection SET version = 1",
    "UPDATE drawn_case SET subunits = '{}', period_label = ''",
    "UPDATE control_point SET questionnaire = NULL, reviewer_rule = NULL",
    "DELETE FROM staff",
]


async def everything(pool: asyncpg.Pool) -> dict[str, list[tuple]]:
    return {table: [tuple(row) for row in await pool.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")] for table in TABLES}


@pytest.fixture
async def heard(service):
    await service.hear(
        point_defined(questionnaire=QUESTIONNAIRE, reviewer_rule="colleague"),
        case_drawn(subunits=["b1", "b2"]),
        published(ASKED),
        published(ASKED, number=2),
        staff_listed(StaffMember(pseudonym="p1", unit="Norr", groups=["Granskare"]), StaffMember(pseudonym="p2")),
        staff_listed(StaffMember(pseudonym="p2", unit="Syd", clearance="protected")),
        period_closed(),
    )


async def test_what_was_heard_is_kept(service, heard):
    kept = await everything(service.pool)

    assert kept["staff"] == [("p2", "Syd", [], "protected")]
    assert [row[:2] for row in kept["questionnaire_version"]] == [(QUESTIONNAIRE, 1), (QUESTIONNAIRE, 2)]
    assert [row[:2] for row in kept["closed_period"]] == [(POINT, "AMF-2021")]
    [case] = await service.pool.fetch("SELECT subunits, period_label FROM drawn_case")
    assert tuple(case) == (["b1", "b2"], "2021-01")


async def test_an_older_staff_list_that_comes_late_changes_nothing(service, heard):
    before = await everything(service.pool)
    [first] = await service.pool.fetch("SELECT * FROM inbox_event WHERE position = 5")
    async with service.pool.acquire() as connection, connection.transaction():
        heard = from_copy(first)
        event = understand(heard.envelope.type, heard.data)
        await DrawnCases().apply(connection, [Incoming(heard.position, heard.chain_hash, heard.envelope, event)])

    assert await everything(service.pool) == before


async def test_an_empty_staff_list_empties_it(service, heard):
    await service.hear(staff_listed())

    assert (await everything(service.pool))["staff"] == []


async def test_a_projection_of_an_older_release_is_folded_anew(service, heard, database):
    before = await everything(service.pool)
    owner = await asyncpg.connect(database.owner_url)
    for statement in FORGET:
        await owner.execute(statement)
    await owner.close()
    assert await everything(service.pool) != before

    assert await fold_anew(service.pool) == 7
    assert await everything(service.pool) == before
    assert await fold_anew(service.pool) == 0


async def test_an_event_that_cannot_be_kept_is_put_aside_and_the_rest_is_folded(service, heard):
    await service.pool.execute("UPDATE projection SET version = 1")
    unstorable = ASKED.model_copy(update={"sv": "a\x00b"})
    await service.hear(published(unstorable, number=3), published(ASKED, number=4))
    await service.pool.execute("UPDATE quarantine SET requeued_at = now()")

    assert await fold_anew(service.pool) == 9
    assert await service.pool.fetchval("SELECT position FROM quarantine WHERE requeued_at IS NULL") == 8
    numbers = await service.pool.fetch("SELECT number FROM questionnaire_version ORDER BY number")
    assert [row["number"] for row in numbers] == [1, 2, 4]


async def test_a_database_of_the_last_release_with_cases_in_it_is_migrated(new_database, tmp_path, free_port):
    """Its rows came without what this release keeps; the copy of the log has it."""
    database = await new_database()
    with as_file(files("stickprov_findings.adapters.sql.migrations")) as folder:
        for step in ("0001_findings.sql", "0002_replaced_case.sql"):
            shutil.copy(folder / step, tmp_path)
    await migrate(database.owner_url, database.service_role, [LOG, INBOX, MigrationFolder("findings", tmp_path)])
    pool = await open_pool(database.service_url)
    await pool.execute(
        "INSERT INTO drawn_case VALUES ($1, $2, $3, 's', '2021-01-01', '2021-02-01', '2021-01', '', 1, '')",
        *(POINT, case_drawn().draw, CASE),
    )
    await pool.close()

    done = await migrate(database.owner_url, database.service_role, FOLDERS)
    async with running_findings(database, tmp_path, f"127.0.0.1:{free_port()}") as service:
        [row] = await service.pool.fetch("SELECT subunits, period_label FROM drawn_case")
        version = await service.pool.fetchval("SELECT version FROM projection")

    assert "findings/0003_reviewing.sql" in done
    assert (tuple(row), version) == (([], ""), 2)
