"""Free texts and drafts of an older release are sealed at the start, and no dump of findings tells them."""

import io

import asyncpg
import pytest

from stickprov_findings.adapters.sql.drafts import DRAFTS
from stickprov_kernel.notes.keeping import NOTES, opened
from stickprov_kernel.sealing.rotation import Rotation
from support.findings_service import running_findings
from support.master_keys import master_keys_file, sealing
from support.reviews import case_drawn, point_defined
from support.tokens import issuer

PLANTED = "Planterad Testsson, 19850315-2384"


async def dump_of(database) -> bytes:
    """Return every table as COPY writes it."""
    connection = await asyncpg.connect(database.superuser_url)
    whole = io.BytesIO()
    for (table,) in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        await connection.copy_from_query(f'SELECT * FROM "{table}"', output=whole, format="binary")
    await connection.close()
    return whole.getvalue()


@pytest.fixture
def start(database, tmp_path, free_port):
    """Return a way to run findings on one database, again and again."""
    signer, bootstrap = issuer(), f"127.0.0.1:{free_port()}"
    return lambda: running_findings(database, tmp_path, bootstrap, signer=signer)


async def put_in_clear(service, database) -> None:
    """Put texts and drafts back as the release before this one had them."""
    owner = await asyncpg.connect(database.superuser_url)
    for row in await owner.fetch("DELETE FROM note RETURNING *"):
        note = opened(service.sealing, row)
        statement = "INSERT INTO clear_note VALUES ($1, $2, $3, $4, $5)"
        await owner.execute(statement, note.note, row["stream"], note.salt, note.text, row["written_at"])
    for row in await owner.fetch("DELETE FROM draft RETURNING *"):
        fields = service.sealing.open_row(row, DRAFTS.about(row)).decode()
        statement = "INSERT INTO clear_draft VALUES ($1, $2, $3, $4, $5::jsonb, $6)"
        kept = (row["stream"], row["reviewer"], row["version"], row["review_version"], fields, row["saved_at"])
        await owner.execute(statement, *kept)
    await owner.close()


async def test_what_an_older_release_kept_in_clear_is_sealed_at_the_start(start, database):
    fields = {"comment": [PLANTED]}
    async with start() as service:
        await service.hear(point_defined(), case_drawn())
        await service.save_draft(fields, seen=0, who="reviewer-02")
        await service.post("finding", {"remark": True, "categories": ["swish"], "comment": PLANTED})
        assert PLANTED.encode() not in await dump_of(database)
        await put_in_clear(service, database)
        assert (await dump_of(database)).count(PLANTED.encode()) == 2

    for _ in range(2):  # a second start finds nothing more to do
        async with start() as service:
            assert PLANTED.encode() not in await dump_of(database)
            assert (await service.review())["history"][0]["comment"] == PLANTED
            assert (await service.draft(who="reviewer-02")).json()["fields"] == fields


async def test_texts_and_drafts_open_without_the_old_master_key_after_a_rotation(start, tmp_path):
    async with start() as service:
        await service.hear(point_defined(), case_drawn())
        await service.save_draft({"comment": [PLANTED]}, seen=0, who="reviewer-02")
        await service.post("finding", {"remark": True, "categories": ["swish"], "comment": PLANTED})

        rotation = Rotation(service.pool, sealing(tmp_path, 2, 1), [NOTES, DRAFTS])
        assert await rotation.rewrap() == 2
        master_keys_file(tmp_path, 2)

        assert (await service.review())["history"][0]["comment"] == PLANTED
        assert (await service.draft(who="reviewer-02")).json()["fields"] == {"comment": [PLANTED]}
